#!/usr/bin/env bash
# Runs `cargo test --workspace` again and again, under three conditions, and lists every failure.
#   scripts/soak.sh                  20 runs idle, 20 beside two busy processes for each core,
#                                    10 on one core: some hours
#   scripts/soak.sh 2 2 1            that many of each
# What each run printed is kept in target/soak; the last line says how many runs failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    echo "usage: scripts/soak.sh [IDLE BUSY ONE_CORE]" >&2
    exit 2
}

case $# in
    0) runs=(20 20 10) ;;
    3) runs=("$@") ;;
    *) usage ;;
esac
for number in "${runs[@]}"; do
    [[ $number =~ ^[0-9]+$ ]] || usage
done
[ "${runs[2]}" -eq 0 ] || command -v taskset >/dev/null || {
    echo "soak.sh: taskset is missing, for the runs on one core: apt install util-linux" >&2
    exit 1
}

logs=${CARGO_TARGET_DIR:-target}/soak
rm -rf "$logs"
mkdir -p "$logs"
cargo test --workspace --no-run --quiet

. scripts/busy-cores.sh

total=0 failed=0
soak() {
    local condition=$1 times=$2 run log
    shift 2
    for ((run = 1; run <= times; run++)); do
        log=$logs/$condition-$run.log
        total=$((total + 1))
        SECONDS=0
        if "$@" cargo test --workspace --no-fail-fast >"$log" 2>&1; then
            echo "$condition $run of $times: passed in $SECONDS s"
        else
            failed=$((failed + 1))
            echo "$condition $run of $times: FAILED in $SECONDS s, $log"
            # What each failed test printed; where cargo itself failed, the end of its output.
            sed -n '/^---- .* stdout ----$/,/^failures:$/p' "$log" | grep . || tail -n 20 "$log"
        fi
    done
}

soak idle "${runs[0]}"
keep_cores_busy
soak busy "${runs[1]}"
stop_busy
soak one-core "${runs[2]}" taskset -c 0

echo "$failed of $total runs failed"
[ "$failed" -eq 0 ]
