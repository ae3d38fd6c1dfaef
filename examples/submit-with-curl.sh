#!/usr/bin/env bash
# Submits one file over HTTP and waits for its end, with nothing but curl and sed.
#   examples/submit-with-curl.sh IN OUT
set -euo pipefail
farm=${FFMILL_URL:-http://127.0.0.1:8080}
input=$(realpath "$1")
output=$(realpath --canonicalize-missing "$2")

# The key makes the call repeatable: after a lost connection the same call gives the same job, never a second one.
job=$(curl --silent --show-error --fail-with-body --retry 5 "$farm/v1/jobs" \
  --header 'content-type: application/json' \
  --header "idempotency-key: $(cat /proc/sys/kernel/random/uuid)" \
  --data "{\"input\": \"$input\", \"output\": \"$output\", \"profile\": \"h264\", \"overwrite\": true}")
id=$(sed -E 's/.*"id":"([^"]+)".*/\1/' <<<"$job")

# A job's event stream ends with the job. (After a lost connection curl would send Last-Event-ID; here we look once.)
curl --silent --no-buffer "$farm/v1/jobs/$id/events" | grep --line-buffered '^event: ' || true

state=$(curl --silent --fail "$farm/v1/jobs/$id" | sed -E 's/.*"state":"([^"]+)".*/\1/')
echo "job $id is $state"
