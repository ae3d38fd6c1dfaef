#!/usr/bin/env bash
# Submits with the command line, does something else, then follows the job to its end.
#   examples/watch.sh IN OUT
set -euo pipefail
: "${2:?usage: examples/watch.sh IN OUT}"
command -v ffmill >/dev/null || ffmill() { npx ffmill "$@"; }

# --json prints exactly one document, so that scripts need not read sentences.
job=$(ffmill submit "$1" "$2" --profile h264 --overwrite --json | sed -nE 's/^  "number": ([0-9]+),$/\1/p')
echo "submitted job $job"

# The exit code is the job's: 0 completed, 1 failed, 130 canceled.
if ffmill watch "$job"; then
  echo "job $job is there"
else
  ffmill why "$job"
  ffmill logs "$job" | tail -n 20
  exit 1
fi
