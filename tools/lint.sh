#!/usr/bin/env bash
# Formatting, layering, coroutines, types of the tests, generated documents, then clang-tidy over what changed since it was last clean (all of it the first time).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

say "Formatting"
git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run --Werror || fail "run 'make format'"
say "Layering, coroutines"
node tools/check-layering.mjs
node tools/check-coroutines.mjs
say "Types of the tests"
npx --no-install tsc -p backend || fail "the tests do not agree with their types, see above"
say "Generated documents"
tools/build.sh release >/dev/null
tools/check-generated.sh
say "clang-tidy"
node tools/tidy.mjs || fail "clang-tidy has objections, see above"
say "Clean"
