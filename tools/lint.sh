#!/usr/bin/env bash
# Formatting, layering, generated documents, then clang-tidy over what changed since the last clean run (all of it the first time).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

say "Formatting"
git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run --Werror || fail "run 'make format'"
say "Layering"
node tools/check-layering.mjs
say "Generated documents"
tools/build.sh release >/dev/null
tools/check-generated.sh
say "clang-tidy"
# It repeats in parallel; the compile commands come from the release build.
git ls-files 'backend/lib/*.cpp' 'backend/src/*.cpp' 'simulators/*.cpp' | grep -vE '/fuzz/|boost\.cpp' |
  xargs -P "$(nproc)" -n 4 clang-tidy-19 --quiet -p build/release 2>/dev/null || fail "clang-tidy has objections, see above"
say "Clean"
