#!/usr/bin/env bash
# The committed documents must be what the program says of itself. With --write they are written instead.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

said=$(mktemp)
trap 'rm -f "$said"' EXIT
check() {
  local file=$1
  shift
  "$@" >"$said" || fail "'$*' failed, so nothing is known of $file"
  if [ "${write:-}" = yes ]; then
    cat "$said" >"$file"
  else
    cmp -s "$said" "$file" || fail "$file is stale: run tools/check-generated.sh --write and commit it"
  fi
}
[ "${1:-}" = --write ] && write=yes
check docs/openapi.json bin/nxg-connect openapi
check docs/settings.md bin/nxg-connect settings --markdown
check docs/asyncapi.json bin/nxg-connect events
check docs/events.md bin/nxg-connect events --markdown
