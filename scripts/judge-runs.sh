#!/usr/bin/env bash
# Plays every scenario again and again, and judges each run twice: by what the scenario expects,
# and by the definition in docs/run-record.md, which the tests hold in its plainest form.
#   scripts/judge-runs.sh             20 runs of each, idle, then beside two busy processes a core
#   scripts/judge-runs.sh 2           that many of each
# The records stay in target/judged. Its exit status is 1 if a run was not as expected, or a
# verdict not as the definition says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=${1-20}
[[ $# -le 1 && $runs =~ ^[1-9][0-9]*$ ]] || {
    echo "usage: scripts/judge-runs.sh [RUNS]" >&2
    exit 2
}

records=${CARGO_TARGET_DIR:-$PWD/target}/judged
rm -rf "$records"
cargo test --quiet -p timeline --test it --no-run

. scripts/busy-cores.sh

failed=0
play_all() {
    local condition=$1 file name status
    mkdir -p "$records/$condition"
    for file in demos/*.toml; do
        name=$(basename "$file" .toml)
        status=0
        scripts/demo.sh "$name" --repeat "$runs" --no-live --width 80 \
            --json "$records/$condition/$name.json" \
            >"$records/$condition/$name.txt" 2>"$records/$condition/$name.log" || status=$?
        case $status in
            0 | 1)
                echo "$condition, $name:$(tail -n 1 "$records/$condition/$name.txt")"
                grep -- 'of the queue model' "$records/$condition/$name.txt" || true
                ;;
            3) echo "$condition, $name: $(tail -n 1 "$records/$condition/$name.log")" ;;
            *) tail -n 3 "$records/$condition/$name.log" >&2 ;;
        esac
        [ $status -eq 0 ] || [ $status -eq 3 ] || failed=$((failed + 1))
    done
    KIT_RECORDS=$records/$condition \
        cargo test --quiet -p timeline --test it real_runs -- --nocapture || failed=$((failed + 1))
}

play_all idle
keep_cores_busy
play_all busy
stop_busy

[ "$failed" -eq 0 ] || {
    echo "$failed failed; see $records"
    exit 1
}
