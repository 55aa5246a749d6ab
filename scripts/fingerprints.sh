#!/usr/bin/env bash
# Judges every faulty server and writes what it looks like, for the line `like` of a report.
#   scripts/fingerprints.sh        three gradings of each; KIT_GRADINGS=N takes N
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo test -p grader --test it derive_fingerprints -- --ignored --nocapture
git diff --stat crates/grader/src/likeness/fingerprints.tsv
