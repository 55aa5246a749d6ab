# shellcheck shell=bash
# Two busy processes for each core, for scripts that source this file: keep_cores_busy starts
# them, stop_busy ends them, and so does the end of the script.
busy=()
stop_busy() {
    [ ${#busy[@]} -eq 0 ] || kill "${busy[@]}" 2>/dev/null || true
    busy=()
}
trap stop_busy EXIT

keep_cores_busy() {
    local process
    for ((process = 0; process < 2 * $(nproc); process++)); do
        while :; do :; done &
        busy+=($!)
    done
}
