#!/usr/bin/env bash
# Judges every submission in FOLDER and writes a report each and one gradebook.
#   scripts/grade-all.sh FOLDER [REPORTS] [--sandbox] [--jobs N] [--resume] [--regrade]
#   scripts/grade-all.sh --gradebook REPORTS     a gradebook of reports copied together
#   scripts/grade-all.sh --gradebook REPORTS --report --report class.svg
#                                                what the class did, as text and as a picture
#   scripts/grade-all.sh --help                  everything else
#   scripts/grade-all.sh FOLDER REPORTS --on host1,host2     on other machines, over ssh
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
build=(cargo build --quiet --release --manifest-path "$root/Cargo.toml")

if [ -n "${GRADER-}" ]; then # a grader that is built already
    programs=$(dirname "$GRADER")
else
    "${build[@]}" -p grader </dev/null
    programs=$target/release
fi
# The class is judged only where the kit's own servers get full marks.
servers=$programs
if [ ! -x "$servers/threaded-server" ] || [ ! -x "$servers/single-server" ] || [ -z "${GRADER-}" ]; then
    "${build[@]}" -p single-server -p threaded-server </dev/null
    servers=$target/release
fi
export GRADE_ROOT=$root

# What --on runs on each machine: standard input is an archive of submissions and options,
# standard output one of the reports.
if [ "${1-}" = --batch ]; then
    exec 3>&1 >&2
    batch=$(mktemp -d)
    trap 'rm -rf "$batch"' EXIT
    tar -C "$batch" -xf -
    printf '%s\n' "$batch" >"$batch/place"
    mapfile -t options <"$batch/options"
    options=("${options[@]/#--weights=/--weights=$batch/}")
    "$programs/grade-class" --servers "$servers" "$batch/submissions" "$batch/reports" \
        "${options[@]}" </dev/null
    tar -C "$batch" -cf - place reports >&3
    exit
fi
exec "$programs/grade-class" --servers "$servers" "$@"
