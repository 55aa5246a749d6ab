#!/usr/bin/env bash
# Three computers in one: a server on one host and a client on each of two others, as network
# namespaces joined by a switch. Prints what both clients saw, and the server's log with their
# two addresses. Needs root and iproute2, and leaves nothing behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'END'
Usage: demos/three-hosts.sh [--timeline] [SERVER]...

  demos/three-hosts.sh                    both servers, one after the other
  demos/three-hosts.sh threaded-server    this one alone
  demos/three-hosts.sh --timeline         and sleep-demo's chart, drawn on host one

Client one runs `sleep 2` on the server. Host two then sends five requests, each on a connection
of its own, one after the other: who is answered when?
The programs are built first, by the user who called sudo, unless KIT_PROGRAMS names the folder
that has them.
END
}

network=10.77.0
server_host=kit-server-$$ one=kit-one-$$ two=kit-two-$$
folder=
server_pid=
timeline=false

fail() {
    echo "three-hosts: $1" >&2
    exit "${2:-1}"
}

clean_up() {
    trap - EXIT INT TERM
    # Whatever runs on these hosts was started here; what was started just now is on none yet.
    while [ -n "$(started)" ]; do
        # shellcheck disable=SC2046 # these are numbers
        kill $(started) 2>/dev/null || true
        sleep 0.05
    done
    wait
    for host in "$one" "$two" "$server_host"; do
        # Its cables go with it.
        if [ -e "/run/netns/$host" ]; then ip netns del "$host"; fi
    done
    if [ -n "$folder" ]; then rm -rf "$folder"; fi
}

# The processes that were started and still run.
started() {
    jobs -pr
    for host in "$one" "$two" "$server_host"; do ip netns pids "$host" 2>/dev/null || true; done
}

on() { # on HOST COMMAND…
    ip netns exec "$@"
}

# The server's host holds the switch, so that its own address is on it.
build_network() {
    ip netns add "$server_host" 2>"$folder/why" ||
        fail "cannot make a network namespace ($(cat "$folder/why")): needs root and CAP_SYS_ADMIN" 3
    ip -n "$server_host" link set lo up
    ip -n "$server_host" link add switch type bridge
    ip -n "$server_host" address add "$network.1/24" dev switch
    ip -n "$server_host" link set switch up
    plug_in "$one" "$network.2" port1
    plug_in "$two" "$network.3" port2
}

plug_in() { # plug_in HOST ADDRESS PORT
    ip netns add "$1"
    ip -n "$server_host" link add "$3" type veth peer name cable netns "$1"
    ip -n "$server_host" link set "$3" master switch up
    ip -n "$1" address add "$2/24" dev cable
    ip -n "$1" link set lo up
    ip -n "$1" link set cable up
}

ask() { # ask HOST NAME WORD…: what a client saw, and when
    local host=$1 name=$2 start seen status=0 took
    shift 2
    start=$(date +%s%N)
    seen=$(on "$host" "$programs/client" --connect "$network.1:12000" "$@" 2>&1) || status=$?
    took=$((($(date +%s%N) - start) / 1000000))
    printf '%s  %-12s status %d after %d.%03d s  %s\n' \
        "$name" "$*" "$status" $((took / 1000)) $((took % 1000)) "$seen"
}

# The connections that the server's kernel has, whether or not the server has accepted them.
connections() {
    on "$server_host" ss -Htn state established "sport = :12000" | wc -l
}

# Each comes once the one before is in the backlog, or is answered: that is the order of sending.
send_five() {
    local number before client
    for number in 1 2 3 4 5; do
        before=$(connections)
        ask "$two" "  host $network.3" RUN echo "$number" >"$folder/two-$number" &
        client=$!
        clients+=("$client")
        while kill -0 "$client" 2>/dev/null && [ "$(connections)" -le "$before" ]; do sleep 0.02; done
    done
}

play() { # play SERVER
    local line log=$folder/$1.jsonl clients=()
    echo "$1 on host $network.1"
    coproc SERVER {
        exec ip netns exec "$server_host" "$programs/$1" \
            --listen "$network.1:12000" --log "$log" 2>"$folder/warnings"
    }
    server_pid=$SERVER_PID
    exec {console}<&"${SERVER[0]}"
    read -r line <&"$console" || fail "$1 did not start: $(cat "$folder/warnings")"
    ask "$one" "  host $network.2" RUN sleep 2 >"$folder/one" &
    clients+=($!)
    # Once client one is served, the others come.
    while read -r line <&"$console" && [[ $line != *begins* ]]; do :; done
    send_five
    wait "${clients[@]}"
    cat "$folder/one" "$folder"/two-[1-5]
    sed 's/^/  /' "$folder/warnings"
    echo "  its log:"
    sed 's/^/  /' "$log"
    if $timeline; then
        echo
        on "$one" "$programs/sleep-demo" --no-live --connect "$network.1:12000"
    fi
    echo
    kill -TERM "$server_pid"
    cat <&"$console" >/dev/null
    wait "$server_pid" || fail "$1 did not stop as it should"
    exec {console}<&-
}

case ${1:-} in
    -h | --help) usage && exit ;;
    --timeline) timeline=true && shift ;;
    -*) usage >&2 && exit 2 ;;
esac
if [ $# -eq 0 ]; then set -- single-server threaded-server; fi
[ "$(id -u)" -eq 0 ] || fail "needs root, to make network namespaces: sudo $0" 3
command -v ip >/dev/null || fail "needs 'ip': install iproute2" 3

command -v ss >/dev/null || fail "needs 'ss': install iproute2" 3

programs=${KIT_PROGRAMS:-${CARGO_TARGET_DIR:-target}/demo}
# sudo sets a PATH of its own, without cargo; and what root builds, its caller cannot replace.
build() {
    local caller=${SUDO_USER:-root} home cargo
    home=$(getent passwd "$caller" | cut -d: -f6)
    for cargo in "${CARGO_HOME:-$home/.cargo}/bin/cargo" "$(command -v cargo || true)"; do
        [ ! -x "$cargo" ] || break
    done
    [ -x "$cargo" ] ||
        fail "there is no cargo, neither in PATH nor in $home/.cargo/bin; build as yourself and \
try again: cargo build --profile demo --bin client --bin sleep-demo ${*/#/--bin }" 3
    setpriv --reuid="$caller" --regid="$(id -g "$caller")" --init-groups \
        env HOME="$home" PATH="${cargo%/*}:$PATH" \
        "$cargo" build --quiet --profile demo --bin client --bin sleep-demo "${@/#/--bin=}"
}
if [ -z "${KIT_PROGRAMS:-}" ]; then build "$@"; fi
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
folder=$(mktemp -d)
build_network
for server in "$@"; do play "$server"; done
