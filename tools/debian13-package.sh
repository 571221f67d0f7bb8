#!/usr/bin/env bash
# Unpacks Debian 13 packages into a folder of this checkout, on Debian 12 machines that lack them.
#
#   tools/debian13-package.sh FOLDER PACKAGE...
#
# apt itself downloads and checks the signatures, with a configuration of its own: the machine's own
# archive address with only the suite changed, Debian's own keyring, its own state and cache folders.
# The system's apt configuration and its installed packages stay as they are.
set -euo pipefail

target=$1
shift
top=$(cd "$(dirname "$0")/.." && pwd)
private=$top/.deps/apt
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

archive_address() {
  # The first archive among the machine's own sources that serves Debian's main suite.
  apt-get indextargets --format '$(REPO_URI)' | awk '/\/debian\/?$/ && !found { found = 1; print }'
}

address=$(archive_address)
[ -n "$address" ] || {
  echo "tools/debian13-package.sh: no Debian archive found in /etc/apt/sources.list*; add one and try again" >&2
  exit 1
}
mkdir -p "$private"/{state/lists/partial,cache/archives/partial,download} "$target"
echo "deb [signed-by=$keyring] $address trixie main" > "$private/sources.list"

options=(
  -o Dir::Etc::sourcelist="$private/sources.list" -o Dir::Etc::sourceparts=-
  -o Dir::State="$private/state" -o Dir::State::status=/dev/null -o Dir::Cache="$private/cache"
  -o APT::Sandbox::User=root -o Acquire::Retries=3 -qq
)
apt-get "${options[@]}" update
cd "$private/download"
for package in "$@"; do
  rm -f "${package}"_*.deb
  apt-get "${options[@]}" download "$package"
  dpkg -x "${package}"_*.deb "$target"
  rm -f "${package}"_*.deb
done
