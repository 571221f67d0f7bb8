#!/usr/bin/env bash
# Runs every fuzz target for FUZZ_SECONDS (default 600), two at a time; keeps what it learned in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
seconds=${FUZZ_SECONDS:-600}

tools/build.sh fuzz fuzz_targets
run_one() {
  local target=$1 name
  name=$(basename "$target")
  mkdir -p "build/fuzz/corpus/$name" "build/fuzz/findings"
  "$target" -max_total_time="$2" -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" \
    "build/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1 || { tail -n 30 "build/fuzz/$name.log"; echo "FOUND by $name"; return 1; }
  echo "$name: clean, $(grep -o 'number_of_executed_units: [0-9]*' "build/fuzz/$name.log" | grep -o '[0-9]*') inputs in $2 s"
}
export -f run_one
find build/fuzz/fuzz -maxdepth 1 -type f -executable | sort |
  xargs -P "$(nproc)" -I{} bash -c 'run_one "$1" "$2"' _ {} "$seconds" || fail "a fuzz target found something, see above"
