#!/bin/sh
# Replaces the containers of the service, one after the other: the next one goes when the one before is there again.
# Behind a load balancer that looks at /health/ready no client sees it. With another image it is the upgrade to that.
#   deploy/roll.sh                    every role, the API last
#   deploy/roll.sh stock-worker api   these
# Which stack, say the variables of docker compose.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- scheduler relay order-worker coupon-worker point-worker stock-worker api

for service in "$@"; do
  for container in $(docker compose ps --quiet "$service"); do
    # As long as stop_grace_period says.
    docker stop "$container" >/dev/null
    docker rm "$container" >/dev/null
    # The others stay as they are.
    docker compose up --detach --wait --no-build --no-deps --no-recreate "$service"
  done
  echo "$service is replaced"
done
