#!/usr/bin/env bash
# Measures the figures of docs/reliability.md, one line each, in some minutes.
#   scripts/reliability.sh           all of them
#   scripts/reliability.sh NAME      those whose test's name holds NAME
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ $# -gt 1 ]; then
    echo "usage: scripts/reliability.sh [NAME]" >&2
    exit 2
fi

# The long runs are tests that are ignored otherwise; what is left here are their figures. They
# run one after another, so that none is measured under the load of another.
cargo test --quiet -p service --tests -- --ignored --nocapture --test-threads=1 "$@" |
    { grep -vE '^(\.?|running .*|test result: ok.*|test .* has been running .*)$' || true; }
