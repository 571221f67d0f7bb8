#!/usr/bin/env bash
# Installs what the project needs and the machine lacks (Debian 12 or 13). Can be repeated: what is there is left alone.
#
#   tools/deps.sh           what building and running need
#   tools/deps.sh test      also the engines that tests start
#   tools/deps.sh lint      also clang-tidy and clang-format
#   tools/deps.sh fuzz      also clang and its sanitizer runtime
#   tools/deps.sh bench     also the peers that make bench measures against
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
top=$PWD

. /etc/os-release
case "${ID:-}${VERSION_ID:-}" in
  debian12 | debian13) ;;
  *) fail "this is ${PRETTY_NAME:-an unknown system}; the dependency step knows Debian 12 and 13. On others, install the packages listed in tools/deps.sh by hand." ;;
esac

packages=(
  g++ cmake ninja-build ccache mold pkg-config git ca-certificates curl jq procps
  libssl-dev libsqlite3-dev libcurl4-openssl-dev libsodium-dev libcrypt-dev zlib1g-dev libmongoc-dev
  libspdlog-dev libfmt-dev prometheus-cpp-dev libcli11-dev libhowardhinnant-date-dev libqrencode-dev libjemalloc-dev libpugixml-dev libvips-dev tzdata
  libgtest-dev libgmock-dev
)
[ "$VERSION_ID" = 13 ] && packages+=(libboost1.88-dev)
for want in "$@"; do
  case "$want" in
    test) packages+=(redis-tools haproxy python3-socketio python3-requests python3-websocket) ;;
    lint) packages+=(clang-tidy-19 clang-format-19) ;;
    fuzz) packages+=(clang-19 libclang-rt-19-dev) ;;
    bench) packages+=(nginx-light wrk libbenchmark-dev libvips-tools) ;;
    *) fail "tools/deps.sh knows test, lint, fuzz and bench, not '$want'" ;;
  esac
done

# The system's own Node, also on the second run: then ours stands first in PATH.
PATH=${PATH//"$top/.deps/bin:"/}
node_is_new() { command -v "$1" >/dev/null 2>&1 && [ "$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge 20 ]; }
command -v npm >/dev/null 2>&1 || packages+=(npm)

as_root() {
  local name passed=()
  # sudo passes on nothing by itself.
  for name in DEBIAN_FRONTEND http_proxy https_proxy no_proxy; do [ -z "${!name:-}" ] || passed+=("$name=${!name}"); done
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo env "${passed[@]}" "$@"; else
    fail "these packages are missing and installing them needs root: ${missing[*]}"
  fi
}
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # A machine that has just started may be looking for upgrades: install can wait for that, update cannot.
  for tries in 1 2 3 4 5 6; do
    as_root apt-get update -qq && break
    [ "$tries" = 6 ] && fail "apt-get update failed, see above; is the network up?"
    sleep 10
  done
  told=$(mktemp)
  trap 'rm -f "$told"' EXIT
  as_root apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}" >"$told" 2>&1 || {
    tail -n 20 "$told" >&2
    fail "apt-get install failed, see above"
  }
fi

if [ "$VERSION_ID" = 12 ] && [ ! -e .deps/boost/.complete ]; then
  say "Fetching Boost 1.88 from Debian 13's archive into .deps/ (the system is left alone)"
  tools/debian13-package.sh "$top/.deps/boost" libboost1.88-dev
  touch .deps/boost/.complete
fi

mkdir -p .deps/bin
architecture=$(dpkg --print-architecture)
node=node-linux-${architecture/amd64/x64}  # arm64 has the same name at both
if node_is_new node && [ ! -x ".deps/node/node_modules/$node/bin/node" ]; then
  ln -sfn "$(command -v node)" .deps/bin/node
else
  if ! node_is_new ".deps/node/node_modules/$node/bin/node"; then
    case "$architecture" in
      amd64 | arm64) ;;
      *) fail "this system's Node.js is older than 20, and for $architecture there is no npm package with a newer one: put one in PATH" ;;
    esac
    say "This system's Node.js is older than 20: fetching one from the npm package $node into .deps/"
    npm install --loglevel=error --no-save --prefix .deps/node "$node@22" || fail "npm could not fetch $node, see above"
  fi
  ln -sfn "../node/node_modules/$node/bin/node" .deps/bin/node
fi
node_is_new .deps/bin/node || fail "the Node.js at $(readlink -f .deps/bin/node) does not run, or is older than 20"
export PATH="$top/.deps/bin:$PATH"

workspaces=(--workspace backend)
for want in "$@"; do [ "$want" = bench ] && workspaces+=(--workspace bench/peers); done
stamp=.deps/npm-${#workspaces[@]}.stamp
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ] || [ ! -d node_modules ]; then
  say "Installing the npm packages of the tests and pages"
  scripts=--ignore-scripts
  [ ${#workspaces[@]} -gt 2 ] && scripts=
  # It removes what it was not asked for: the larger set serves the smaller one too, not the other way round. And what it
  # leaves when it is cut short is no set at all.
  rm -f .deps/npm-*.stamp
  npm ci --loglevel=error $scripts "${workspaces[@]}" || fail "npm ci failed, see above"
  touch .deps/npm-2.stamp "$stamp"
fi

[[ " $* " == *" test "* ]] || exit 0
# The server is one program with the tools, which goes by the name it is called by; Debian's package of the server
# would start one on this machine.
command -v redis-server >/dev/null || ln -sfn "$(command -v redis-check-rdb)" .deps/bin/redis-server

# The MongoDB engine of the tests needs glibc 2.38: on Debian 12 it runs through Debian 13's loader.
if [ "$VERSION_ID" = 12 ] && [ ! -e .deps/glibc/.complete ]; then
  say "Fetching Debian 13's loader for the MongoDB test engine into .deps/"
  tools/debian13-package.sh "$top/.deps/glibc" libc6 libstdc++6 libgcc-s1
  touch .deps/glibc/.complete
fi
