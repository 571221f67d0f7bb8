#!/usr/bin/env bash
# Builds with a sanitizer, runs the unit tests, then the API tests against the sanitized programs: tools/sanitize.sh asan|tsan
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
preset=$1

# Little that is freed is held back (quarantine): tests that bound memory hold for sanitized programs, too.
export ASAN_OPTIONS=detect_leaks=1:halt_on_error=1:quarantine_size_mb=8 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
# libvips and its like are not built with it: how their threads wait for one another is not seen.
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1:suppressions=$PWD/tools/tsan.supp
# Sanitized programs take their time: tests wait longer for them, and hold them to the same.
export NXG_TEST_PATIENCE=${NXG_TEST_PATIENCE:-5}
tools/build.sh "$preset"
say "Unit and contract tests under $preset"
ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" || fail "$preset found something, see above"
say "API and real-time tests under $preset"
NXG_BIN="$PWD/build/$preset/bin" tools/vitest.sh tests/api tests/realtime || fail "$preset found something, see above"
say "$preset: clean"
