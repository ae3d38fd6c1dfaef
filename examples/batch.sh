#!/usr/bin/env bash
# Hands a whole folder to the farm in one call: all jobs or none. (At most 1000 jobs in one batch.)
#   examples/batch.sh FOLDER_IN FOLDER_OUT
set -euo pipefail
shopt -s nullglob
: "${2:?usage: examples/batch.sh FOLDER_IN FOLDER_OUT}"
command -v ffmill >/dev/null || ffmill() { npx ffmill "$@"; }
farm=${FFMILL_URL:-http://127.0.0.1:8080}
from=$(realpath "$1")
mkdir -p "$2"
to=$(realpath "$2")

# One label for the lot, to find it again. Names with quotes or backslashes would need a real JSON writer such as jq.
label="batch-$(date +%s)"
jobs=()
for input in "$from"/*.{mp4,mkv,mov,webm,ts}; do
  name=$(basename "${input%.*}")
  jobs+=("{\"input\": \"$input\", \"output\": \"$to/$name.mp4\", \"profile\": \"h264-720p\", \"labels\": [\"$label\"]}")
done

[ ${#jobs[@]} -gt 0 ] || { echo "there is nothing to transcode in $from" >&2; exit 2; }

body=$(IFS=,; echo "{\"jobs\": [${jobs[*]}]}")
curl --silent --show-error --fail-with-body --retry 5 "$farm/v1/jobs/batch" \
  --header 'content-type: application/json' --header "idempotency-key: $label" --data "$body" >/dev/null

# Wait for each in turn: a job that has ended is told at once. The exit code is 1 when one of them failed.
failed=0
for job in $(ffmill list --label "$label" --limit 500 --json | sed -nE 's/^      "number": ([0-9]+),$/\1/p'); do
  ffmill watch "$job" || { echo "job $job did not make it: $(ffmill why "$job")"; failed=1; }
done
exit $failed
