#!/usr/bin/env bash
# Starts a real redis-server and keeps the contract of the kit's servers (docs/architecture.md):
# --listen ADDR, "listening on ADDR" as the first line, and status 0 after SIGTERM. It writes no
# file, and prints no line for a request.
#   demos/redis/redis-server.sh [--listen 127.0.0.1:0] [flags of redis-server]
set -u

fail() {
    echo "redis-server.sh: $2" >&2
    exit "$1"
}

command -v redis-server >/dev/null ||
    fail 3 "redis-server is not installed: apt-get install redis-server"

listen=127.0.0.1:12000
if [ "${1-}" = --listen ]; then
    listen=${2:?"--listen HOST:PORT"}
    shift 2
fi
host=${listen%:*} wanted=${listen##*:}
[[ $wanted =~ ^[0-9]+$ ]] || fail 2 "'$listen' is no address: expected HOST:PORT"
if [ $# -ge 2 ] && [ "${*: -2:1}" = --listen ]; then # programs put it behind their own flags
    listen=${*: -1} host=${listen%:*} wanted=${listen##*:}
    set -- "${@:1:$#-2}"
fi

server=
stop() { [ -z "$server" ] || kill -TERM "$server" 2>/dev/null; }
trap stop TERM INT HUP

# Whether the server that answers there is the one that was started: its process says so.
answers() {
    local line
    exec 3<>"/dev/tcp/$host/$1" || return 1
    printf 'INFO server\r\n' >&3
    while read -r -t 5 line <&3; do
        if [ "${line%$'\r'}" = "process_id:$server" ]; then
            exec 3>&-
            return 0
        fi
        [[ $line != executable:* ]] || break
    done
    exec 3>&-
    return 1
} 2>/dev/null

# A free port is one on which redis-server stays: another program may take it first.
for _ in 1 2 3 4 5 6 7 8 9 10; do
    port=$wanted
    [ "$port" -ne 0 ] || port=$((20000 + RANDOM % 12000))
    redis-server --bind "$host" --port "$port" --save '' --appendonly no \
        --lua-time-limit 60000 --loglevel warning "$@" >/dev/null </dev/null 3>&- &
    server=$!
    while kill -0 "$server" 2>/dev/null; do
        if answers "$port"; then
            echo "listening on $host:$port"
            # A trap interrupts wait; the server's own end does not.
            while kill -0 "$server" 2>/dev/null; do wait "$server"; done
            exit 0
        fi
        sleep 0.05
    done
    wait "$server"
    server=
    [ "$wanted" -eq 0 ] || break
done
fail 1 "redis-server does not start on $host:$wanted; is the port in use?"
