#!/usr/bin/env bash
# Builds what the demo needs, with the profile `demo`, and plays it; works from any folder.
#   scripts/demo.sh                    head-of-line against both servers
#   scripts/demo.sh thread-limit       another scenario; --list names them
#   scripts/demo.sh --replay run.json  a recorded run again; builds no server
#   scripts/demo.sh --help             everything else
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [ -n "${SLEEP_DEMO-}" ]; then # a demo that is built already, beside its servers
    export SLEEP_DEMO_SCENARIOS=${SLEEP_DEMO_SCENARIOS:-$root/demos}
    exec "$SLEEP_DEMO" "$@"
fi

packages=(-p sleep-demo -p single-server -p threaded-server)
case " $* " in
    *" --replay"[\ =]*) packages=(-p sleep-demo) ;; # starts no server
    *" --all "* | *" --doctor "* | *lock-too-long*) packages+=(-p faulty-servers) ;;
esac
case " $* " in
    *" --all "* | *" --doctor "* | *" --designs "* | *event-loop* | *pool* | *event-server*)
        packages+=(-p designs)
        ;;
esac
target=${CARGO_TARGET_DIR:-$root/target}

# The first build takes one to four minutes: a person at a terminal sees how far it is.
quiet=(--quiet)
[ ! -t 2 ] || [ -x "$target/demo/sleep-demo" ] || quiet=()
cargo build --profile demo ${quiet[@]+"${quiet[@]}"} --manifest-path "$root/Cargo.toml" "${packages[@]}"

export SLEEP_DEMO_SCENARIOS=${SLEEP_DEMO_SCENARIOS:-$root/demos}
exec "$target/demo/sleep-demo" "$@"
