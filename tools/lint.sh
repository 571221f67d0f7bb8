#!/usr/bin/env bash
# Formatting, layering, coroutines, types of the tests, generated documents, then clang-tidy over what changed since it was last clean (all of it the first time).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

say "Formatting"
tools/format.sh --dry-run --Werror || fail "run 'make format'"
say "Layering, coroutines"
node tools/check-layering.mjs
node tools/check-coroutines.mjs
say "Types of the tests"
npx --no-install tsc -p backend || fail "the tests do not agree with their types, see above"
say "Generated documents"
told=$(mktemp)
trap 'rm -f "$told"' EXIT
tools/build.sh release >"$told" 2>&1 || { cat "$told" >&2; exit 1; }
tools/check-generated.sh
say "clang-tidy"
node tools/tidy.mjs || fail "clang-tidy has objections, see above"
say "Clean"
