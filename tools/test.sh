#!/usr/bin/env bash
# Builds, then passes all tests: rules and contracts in C++, then the real programs through their public doors.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

tools/build.sh release

say "Checking that includes follow the layers, and that coroutines are as GCC 12 needs them"
node tools/check-layering.mjs
node tools/check-coroutines.mjs

say "Unit and contract tests (C++)"
ctest --test-dir build/release --output-on-failure -j "$(nproc)" --output-junit "$results/ctest.xml" |
  grep -vE '^ +(Start|[0-9]+/[0-9]+ Test).*( Start|Passed|[0-9]+: )' || fail "unit tests failed, see above"

say "API, real-time and chaos tests against the real programs"
through_doors() { # name of the results, what vitest is told
  tools/vitest.sh --reporter=default --reporter=json --outputFile.json="$results/$1.json" "${@:2}" || fail "tests failed, see above"
}
through_doors embedded

say "The API's tests once more, with documents in MongoDB, coordination in Redis and objects in S3"
through_doors outside --config vitest.outside.config.ts tests/api tests/realtime/workout_live.test.ts

node tools/count-tests.mjs "$results/ctest.xml" "$results/embedded.json" "$results/outside.json"
