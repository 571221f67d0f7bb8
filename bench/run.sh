#!/usr/bin/env bash
# Measures side by side with the named peers, in one run, and writes docs/benchmarks.md. About ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
say "Building the load programs"
cmake --build --preset release --target bench_programs || fail "the load programs did not build, see above"
exec node bench/run.mjs "$@"
