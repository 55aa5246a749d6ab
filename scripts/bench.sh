#!/usr/bin/env bash
# Measures the kit's servers beside redis-server and Python, in paired rounds; works from any
# folder. Everything takes about 40 minutes, on a machine that is left alone meanwhile.
#   scripts/bench.sh --quick              shows in a minute or two that all of it works
#   scripts/bench.sh --only crowd         one workload; --help names them
#   scripts/bench.sh --json FILE          every round of every finding, beside the tables
# What the numbers mean, and how they come about: docs/performance.md
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

cargo build --release --quiet --manifest-path "$root/Cargo.toml" \
    -p bench -p designs -p single-server -p threaded-server
exec "${CARGO_TARGET_DIR:-$root/target}/release/bench" "$@"
