#!/usr/bin/env bash
# Shows what a thread for each client changes: the diff of the two server crates.
#   scripts/diff.sh                  single-server and threaded-server
#   scripts/diff.sh pool             threaded-server and a pool of threads, main.rs alone
#   scripts/diff.sh my-lab           single-server and crates/my-lab
#   scripts/diff.sh one two          crates/one and crates/two
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../crates"

case $# in
    0) from=single-server to=threaded-server ;;
    1) from=single-server to=$1 ;;
    2) from=$1 to=$2 ;;
    *)
        echo "usage: scripts/diff.sh [[FROM] TO]" >&2
        exit 2
        ;;
esac
if [ "$to" = pool ] && [ ! -d pool ]; then
    from=threaded-server/src/main.rs to=../demos/designs/src/bin/pool-server.rs
fi
for crate in "$from" "$to"; do
    if [ ! -e "$crate" ]; then
        echo "diff.sh: there is no crate crates/$crate" >&2
        exit 2
    fi
done

# Colour for a terminal alone, and only where this diff knows it.
color=()
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] &&
    diff --color=always /dev/null /dev/null 2>/dev/null; then
    color=(--color=always)
fi

# Enough context that a short main.rs stays whole. That files differ (status 1) is no failure.
differ() { diff ${color[@]+"${color[@]}"} -r -N -U 40 "$@" || [ $? -eq 1 ]; }

# src comes last: it is what a screen shows when all is printed. Without the lines that repeat
# the command, and the times of the files.
if [ -f "$to" ]; then differ "$from" "$to"; else
    differ -x src "$from" "$to" && differ "$from/src" "$to/src"
fi |
    sed -E -e $'/^(\e\\[[0-9;]*m)*diff /d' \
        -e $'s/^((\e\\[[0-9;]*m)*(---|\\+\\+\\+) [^\t]*)\t.* [-+][0-9]{4}/\\1/'
