#!/usr/bin/env bash
# clang-format over all C++ of the project: tools/format.sh -i, or --dry-run --Werror
set -euo pipefail
cd "$(dirname "$0")/.."
find backend simulators bench -name node_modules -prune -o -type f -name '*.[ch]pp' -exec clang-format-19 "$@" {} +
