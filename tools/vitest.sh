#!/usr/bin/env bash
# Runs the tests through the public doors: tools/vitest.sh [tests/api ...]
set -euo pipefail
cd "$(dirname "$0")/../backend"
. ../tools/say.sh
export PATH="$PWD/../.deps/bin:$PATH"
exec node ../node_modules/vitest/vitest.mjs run "$@"
