#!/usr/bin/env bash
# Measures side by side with the named peers, in one run, and writes docs/benchmarks.md. About ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
say "Building the load programs"
cmake --build --preset release --target bench_programs || fail "the load programs did not build, see above"
ulimit -n 65536 2>/dev/null || true  # ten thousand sockets at each end
if [ $# = 0 ] || [[ " $* " = *" socketio "* ]]; then
  # A peer that does not build is named in its rows, and the others are measured.
  if ! command -v cargo >/dev/null; then
    say "No cargo on this machine: rows without socketioxide"
  elif ! cargo build --quiet --release --locked --manifest-path bench/peers/socketioxide/Cargo.toml --target-dir build/peers/socketioxide; then
    say "socketioxide did not build: rows without it"
  fi
  node -e "import('eiows').catch(() => process.exit(1))" 2>/dev/null || say "eiows did not build: rows without it"
fi
exec node bench/run.mjs "$@"
