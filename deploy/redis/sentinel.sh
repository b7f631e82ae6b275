#!/bin/sh
# A sentinel writes what it learns into its own file: that is made once, and kept as long as the container's volume.
set -eu
own=$1
config=/data/sentinel.conf

umask 077
[ -s "$config" ] || cat >"$config" <<END
port 26379
dir /data
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $own
sentinel monitor primary redis-1 6379 2
sentinel auth-pass primary $REDIS_PASSWORD
sentinel down-after-milliseconds primary 3000
sentinel failover-timeout primary 10000
sentinel parallel-syncs primary 1
END

chown -R redis /data
exec docker-entrypoint.sh redis-server "$config" --sentinel
