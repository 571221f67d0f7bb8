# How the project's scripts speak: one line per step, one sentence when something is wrong. And what of this machine talks
# to itself does not go through a proxy.
no_proxy=${no_proxy:-${NO_PROXY:-}}
export no_proxy=127.0.0.1,localhost${no_proxy:+,$no_proxy}
export NO_PROXY=$no_proxy
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() {
  printf '\n%s\n' "Stopped: $*" >&2
  exit 1
}
