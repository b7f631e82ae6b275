#!/bin/sh
# One of the two Redis servers. redis-2 begins as the replica; after a failover it is whatever the sentinels made of it,
# and each asks them before it starts, so that an old primary which comes back is never a second one.
set -eu
own=$1
config=/data/redis.conf

primary=''
for sentinel in redis-sentinel-1 redis-sentinel-2 redis-sentinel-3; do
  [ -z "$primary" ] || break
  primary=$(timeout 2 redis-cli -h "$sentinel" -p 26379 sentinel get-master-addr-by-name primary 2>/dev/null | head -n 1 || true)
done

umask 077
cat >"$config" <<END
dir /data
appendonly yes
maxmemory ${REDIS_MAXMEMORY:-256mb}
maxmemory-policy volatile-lru
requirepass $REDISCLI_AUTH
masterauth $REDISCLI_AUTH
replica-announce-ip $own
END
if [ "${primary:-redis-1}" != "$own" ]; then
  echo "replicaof ${primary:-redis-1} 6379" >>"$config"
fi

chown -R redis /data
exec docker-entrypoint.sh redis-server "$config"
