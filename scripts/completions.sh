#!/usr/bin/env bash
# Writes the completion scripts of the kit's programs: what the Tab key completes.
#   scripts/completions.sh bash|zsh|fish FOLDER    one file a program; docs/programs.md says where
#   scripts/completions.sh bash                    all of them, on standard output
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec cargo run --profile demo --quiet --manifest-path "$root/Cargo.toml" -p completions -- "$@"
