#!/usr/bin/env bash
# The real MongoDB engine of tests and demonstrations: its data in FOLDER, reachable at the unix socket FOLDER/mongodb.sock.
# Prints "ready" when it answers; ends with its standard input.
#   tools/mongodb-engine.sh FOLDER
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
node=$(readlink -f "$top/.deps/bin/node")
engine=("$top/backend/lib/store/tests/mongodb/engine.cjs" "$1")
# Where the system's C library is too old for the engine, node is started through a newer one.
for loader in "$top"/.deps/glibc/usr/lib/*/ld-linux-*; do
  [ -e "$loader" ] || continue
  libraries=$(dirname "$loader")
  exec "$loader" --library-path "$libraries:/usr/lib/$(basename "$libraries")" "$node" "${engine[@]}"
done
exec "$node" "${engine[@]}"
