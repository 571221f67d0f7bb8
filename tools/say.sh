# How the project's scripts speak: one line per step, one sentence when something is wrong.
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() {
  printf '\n%s\n' "Stopped: $*" >&2
  exit 1
}
