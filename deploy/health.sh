#!/bin/bash
# Whether the service in this container may get requests: exit code 0 = it may. In plain bash, because the image has no
# curl, and a Node that is started every few seconds in every container takes more time than the service when it is idle.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-3000}" || exit 1
printf 'GET /health/ready HTTP/1.0\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
