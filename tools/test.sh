#!/usr/bin/env bash
# Builds, then passes all tests: rules and contracts in C++, then the real programs through their public doors.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

tools/build.sh release

say "Checking that includes follow the layers"
node tools/check-layering.mjs

say "Unit and contract tests (C++)"
ctest --test-dir build/release --output-on-failure -j "$(nproc)" --output-junit "$results/ctest.xml" |
  grep -vE '^ +(Start|[0-9]+/[0-9]+ Test).*( Start|Passed|[0-9]+: )' || fail "unit tests failed, see above"

say "API, real-time and chaos tests against the real programs"
tools/vitest.sh --reporter=default --reporter=json --outputFile.json="$results/vitest.json" || fail "tests failed, see above"

node tools/count-tests.mjs "$results/ctest.xml" "$results/vitest.json"
