#!/usr/bin/env bash
# Judges every submission in FOLDER and writes a report each and one gradebook.
#   scripts/grade-all.sh FOLDER [REPORTS] [--sandbox] [--jobs N] [--resume] [--regrade]
#   scripts/grade-all.sh --gradebook REPORTS     a gradebook of reports copied together
#   scripts/grade-all.sh --gradebook REPORTS --report --report class.svg
#                                                what the class did, as text and as a picture
#   scripts/grade-all.sh --help                  everything else
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
build=(cargo build --quiet --release --manifest-path "$root/Cargo.toml")

if [ -n "${GRADER-}" ]; then # a grader that is built already
    programs=$(dirname "$GRADER")
else
    "${build[@]}" -p grader
    programs=$target/release
fi
# The class is judged only where the kit's own servers get full marks.
servers=$programs
if [ ! -x "$servers/threaded-server" ] || [ ! -x "$servers/single-server" ] || [ -z "${GRADER-}" ]; then
    "${build[@]}" -p single-server -p threaded-server
    servers=$target/release
fi
export GRADE_ROOT=$root
exec "$programs/grade-class" --servers "$servers" "$@"
