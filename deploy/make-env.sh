#!/bin/sh
# Makes .env for compose.yaml, with secrets that were never anywhere else. Never touches one that is there.
#   deploy/make-env.sh                     the service over PostgreSQL
#   deploy/make-env.sh kafka redis         over Kafka and Redis too
#   deploy/make-env.sh monitoring          with Prometheus and Grafana
# ENV_FILE=… writes to another place.
set -eu

file=${ENV_FILE:-$(dirname "$0")/../.env}
kafka='' redis='' profiles=''
for profile in "$@"; do
  case $profile in
    kafka) kafka=kafka-1:9092,kafka-2:9092,kafka-3:9092 ;;
    redis) redis=yes ;;
    monitoring) ;;
    *) echo "there is no profile $profile: kafka, redis, monitoring" >&2; exit 2 ;;
  esac
  profiles=${profiles:+$profiles,}$profile
done

hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
key() { head -c 32 /dev/urandom | base64 | tr -d '\n'; }

redis_password=$(hex 24)
sentinels=redis-sentinel-1:26379,redis-sentinel-2:26379,redis-sentinel-3:26379

umask 077
# noclobber: two that run at the same moment don't make a file of both.
set -C
if ! cat >"$file" <<END
# Made by deploy/make-env.sh. Keep it as long as the database: without PERSONAL_DATA_KEYS no account can be read.
COMPOSE_PROFILES=$profiles
POSTGRES_PASSWORD=$(hex 24)
JWT_SECRET=$(hex 32)
PERSONAL_DATA_KEYS=first:$(key)
METRICS_TOKEN=$(hex 24)
GRAFANA_PASSWORD=$(hex 12)
REDIS_PASSWORD=$redis_password
KAFKA_BROKERS=$kafka
REDIS_URL=${redis:+redis+sentinel://:$redis_password@$sentinels/primary}
END
then
  echo "$file is there already: nothing was changed" >&2
  exit 1
fi
echo "$file is made"
