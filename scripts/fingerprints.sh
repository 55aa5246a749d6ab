#!/usr/bin/env bash
# Judges every faulty server and writes what it looks like, for the line `like` of a report.
#   scripts/fingerprints.sh [NAME...]
# Each of them, or only those named, is judged three times; KIT_GRADINGS=N takes N.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KIT_SERVERS=$* cargo test -p grader --test it derive_fingerprints -- --ignored --nocapture
git diff --stat crates/grader/src/likeness/fingerprints.tsv
