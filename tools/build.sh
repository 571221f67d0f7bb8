#!/usr/bin/env bash
# Builds everything of one preset, or the targets named; the release preset also fills bin/.
#   tools/build.sh [PRESET [TARGET...]]
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
preset=${1:-release}
targets=("${@:2}")

say "Building ($preset)"
told=$(mktemp)
trap 'rm -f "$told"' EXIT
cmake --preset "$preset" >"$told" 2>&1 || { cat "$told" >&2; fail "cmake could not configure, see above"; }
cmake --build --preset "$preset" ${targets:+--target "${targets[@]}"} || fail "the build failed, see above"

if [ "$preset" = release ]; then
  mkdir -p bin
  for program in nxg-connect nxg-sandbox nxg-gym socketio-echo socketio-chat socketio-cluster socketio-soak; do
    ln -sfn "../build/release/bin/$program" "bin/$program"
  done
  say "Programs are in bin/"
fi
