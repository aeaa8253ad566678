#!/bin/sh
# A run on a real service, rehearsed: `serve --no-control` shows no more than one, and time passes by itself, only faster.
# Needs `pip install 'asr-conformance[arm,server]'`. PORT is where it is served; what else is given goes to `run`.
set -eu
here=$(dirname "$0")
port=${PORT:-8765}
vault=/subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V
item=$vault/replicationFabrics/F/replicationProtectionContainers/C/replicationProtectedItems/asr-conformance-1

log=$(mktemp)
asr-conformance serve --no-control --port "$port" --speed 6000 --retry-after 0 >"$log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || :; wait "$server" || :; rm -f "$log"' EXIT
until grep -q '^serving' "$log"; do
    kill -0 "$server" 2>/dev/null || { cat "$log" >&2; exit 3; }
    sleep 0.2
done
cat "$log"

status=0
asr-conformance run --adapter "arm:http://127.0.0.1:$port$item" --arm-settings "$here/site.json" \
    --allow-failover-of asr-conformance-1 --engine tour --budget 30steps --seed 1 --no-repeat --patience 20 \
    --home-hours 0.01 --no-report -q "$@" || status=$?
exit "$status"
