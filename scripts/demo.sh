#!/usr/bin/env bash
# Builds what the demo needs, in release, and plays it; works from any folder.
#   scripts/demo.sh                    head-of-line against both servers
#   scripts/demo.sh thread-limit       another scenario; --list names them
#   scripts/demo.sh --help             everything else
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

packages=(-p sleep-demo -p single-server -p threaded-server)
case " $* " in
    *" --all "* | *lock-too-long*) packages+=(-p faulty-servers) ;;
esac
cargo build --release --quiet --manifest-path "$root/Cargo.toml" "${packages[@]}"

target=${CARGO_TARGET_DIR:-$root/target}
export SLEEP_DEMO_SCENARIOS=${SLEEP_DEMO_SCENARIOS:-$root/demos}
exec "$target/release/sleep-demo" "$@"
