# What run.sh and cluster.sh share: free ports, secrets that stay the same, programs that are started, awaited and
# stopped together. Everything they keep is in $kept.
free_port() { node -e 'const s=require("net").createServer().listen(+process.argv[1],"0.0.0.0",()=>{console.log(s.address().port);s.close()}).on("error",()=>{const t=require("net").createServer().listen(0,()=>{console.log(t.address().port);t.close()})})' "$1"; }
secret() { [ -s "$kept/$1" ] || node -e 'console.log(require("crypto").randomBytes(15).toString("base64url"))' >"$kept/$1"; cat "$kept/$1"; }

# One at a time: a second one would write over the logs of the first, and take away what it stands on.
exec 7>"$kept/lock"
flock -n 7 || fail "this gym is open already; Ctrl-C ends it where it runs"

pids=()
# Each in a session of its own: Ctrl-C is for the gym alone, which reconciles while the others still serve it. And without what the
# script holds open: its lock, and the inputs that engines end with.
background() { # name, input, command...
  setsid "${@:3}" <"$2" >"$kept/$1.log" 2>&1 7>&- 8>&- 9>&- &
  pids+=($!)
}
stop_all() {
  trap - EXIT
  trap '' TERM HUP
  # Asked once more, it asks no more.
  trap 'kill -KILL $(jobs -rp) 2>/dev/null || true' INT
  # What still runs, not what was started: one of them may be gone, and its number be another program's.
  kill $(jobs -rp) 2>/dev/null || true
  wait 2>/dev/null || true
}
trap stop_all EXIT
trap 'exit 130' INT TERM
trap 'exit 129' HUP

wait_for() { # what, command...
  local what=$1 i
  shift
  for i in $(seq 1 300); do
    "$@" >/dev/null 2>&1 && return 0
    kill -0 "${pids[-1]}" 2>/dev/null || { tail -n 20 "$kept"/*.log >&2; fail "$what ended at its start, see above"; }
    sleep 0.1
  done
  fail "$what did not become ready within 30 s; its log is in $kept"
}

start_sandbox() {
  say "Starting the AI sandbox"
  sandbox_port=$(free_port 8085)
  background sandbox /dev/null bin/nxg-sandbox --port "$sandbox_port" --exercises "$exercises" --foods "$foods"
  wait_for "the sandbox" curl -fsS "http://127.0.0.1:$sandbox_port/faults"
  export NXG_WPS_URL="http://127.0.0.1:$sandbox_port" NXG_WPS_API_KEY=sandbox
  export NXG_MDS_URL="http://127.0.0.1:$sandbox_port" NXG_MDS_TOKEN=sandbox
  export NXG_NPS_URL="http://127.0.0.1:$sandbox_port" NXG_NPS_API_KEY=sandbox NXG_NPS_SECRET=sandbox
  export NXG_SCS_URL="http://127.0.0.1:$sandbox_port/v1" NXG_SCS_CLIENT_ID=sandbox NXG_SCS_CLIENT_SECRET=sandbox NXG_SCS_WEBHOOK_SECRET=sandbox
}

# What a gym needs before it opens: the exercise library, the food database, an admin, a member to try it with.
furnish() { # URL of the API
  say "Importing the exercise library"
  bin/nxg-connect import exercises "$exercises"
  say "Importing the food database"
  bin/nxg-connect import foods "$foods"

  admin_email=admin@gym.example
  admin_password=$(secret admin-password)
  bin/nxg-connect create-admin --email "$admin_email" --password-stdin <<<"$admin_password" >/dev/null 2>"$kept/create-admin.log" ||
    grep -q 'exists' "$kept/create-admin.log" || { cat "$kept/create-admin.log" >&2; fail "the admin could not be made"; }

  member_password=$(secret member-password)
  curl -sS -o "$kept/register.json" -X POST "$1/api/auth/register" -H 'content-type: application/json' \
    -d "{\"username\":\"demo_member\",\"email\":\"member@gym.example\",\"password\":\"$member_password\",\"confirmPassword\":\"$member_password\",\"name\":\"Demo Member\"}"
}

# Runs until Ctrl-C or $GYM_SECONDS; ends as its reconciliation does.
simulate_gym() { # URL of the API
  local gym result again
  gym=(bin/nxg-gym --url "$1" --admin-email "$admin_email" --admin-password-stdin
    --machines "${GYM_MACHINES:-8}" --speed "${GYM_SPEED:-1}" --seconds "${GYM_SECONDS:-0}")
  [ -n "${GYM_RECORDINGS:-}" ] && gym+=(--recordings "$GYM_RECORDINGS")
  "${gym[@]}" <<<"$admin_password" 7>&- 8>&- 9>&- &
  gym_pid=$!
  # Ctrl-C reaches the gym too: it ends its workouts, reconciles, and says whether every sample is accounted for.
  trap 'again=yes; kill -INT "$gym_pid" 2>/dev/null || true' INT TERM HUP
  # A signal ends the wait, not the gym, and the gym's own exit code counts.
  while again=; wait "$gym_pid" && result=0 || result=$?; [ -n "$again" ]; do :; done
  trap '' INT TERM HUP  # all ends now anyway
  return "$result"
}
