#!/usr/bin/env bash
# Prints how haproxy balances a gym on several backends of this machine. Who says it is not ready gets nothing new; who was
# cut off comes back elsewhere. A long-polling session stays with the backend that has it: that one tells haproxy the
# session's id in a cookie (NXG_SESSION_COOKIE=nxg-io), and all requests of the session show it, also from clients that
# keep no cookies.
#   tools/balancer-config.sh PORT BACKEND:ADMIN...        its own port, then two ports of each backend
set -euo pipefail
cat <<CONFIG
global
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  timeout check 2s
  option forwardfor
  option redispatch 1
  retries 3
  retry-on conn-failure
frontend door
  bind 127.0.0.1:$1
  default_backend gym
backend gym
  balance leastconn
  stick-table type string len 64 size 100k expire 10m
  stick match url_param(sid)
  stick store-response res.cook(nxg-io)
  option httpchk GET /health/ready
  default-server inter 300ms fall 2 rise 1 on-marked-down shutdown-sessions
CONFIG
for ports in "${@:2}"; do echo "  server port${ports%:*} 127.0.0.1:${ports%:*} check port ${ports#*:}"; done
