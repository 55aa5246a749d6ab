#!/usr/bin/env bash
# Judges every submission in FOLDER, two at once, and writes a report each and one gradebook.
#   scripts/grade-all.sh FOLDER [REPORTS] [--jobs N] [--sandbox] [grader's options]
# A submission is a folder in FOLDER that holds a Cargo package, built offline beside the kit's
# crates, or an executable called `server`. REPORTS (default FOLDER-reports) gets NAME.txt,
# NAME.json and gradebook.csv. Needs GNU parallel; --sandbox needs bubblewrap.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
    echo "grade-all.sh: $2" >&2
    exit "$1"
}

folder='' reports='' jobs=2 sandbox='' options=()
while [ $# -gt 0 ]; do
    case $1 in
        --jobs) jobs=${2:?"--jobs N"} && shift ;;
        --sandbox) sandbox=yes ;;
        --*=*) options+=("$1") ;;
        --expect | --commands | --only) options+=("$1" "${2-}") && shift ;;
        -*) fail 2 "what is '$1'? See the first lines of scripts/grade-all.sh" ;;
        *) if [ -z "$folder" ]; then folder=$1; elif [ -z "$reports" ]; then reports=$1
           else fail 2 "'$1' is too much: FOLDER and REPORTS"; fi ;;
    esac
    shift
done
[ -n "$folder" ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }
[ -d "$folder" ] || fail 2 "there is no folder $folder"
folder=$(cd "$folder" && pwd)
shopt -s nullglob
submissions=("$folder"/*/)
[ ${#submissions[@]} -gt 0 ] || fail 2 "there is no submission in $folder: one folder each"
command -v parallel >/dev/null || fail 3 "GNU parallel is missing: apt install parallel"
[ -z "$sandbox" ] || command -v bwrap >/dev/null ||
    fail 3 "--sandbox needs bubblewrap: apt install bubblewrap. Nothing was judged"
mkdir -p "${reports:=$folder-reports}"
reports=$(cd "$reports" && pwd)

target=${CARGO_TARGET_DIR:-$root/target}
[ -n "${GRADER-}" ] || # a grader that is built already
    cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p grader
export GRADE_ROOT=$root GRADE_REPORTS=$reports GRADE_SANDBOX=$sandbox
export GRADE_GRADER=${GRADER:-$target/release/grader} GRADE_WORK=$target/grade-all

bar=() # for whoever waits at a terminal
[ ! -t 2 ] || bar=(--bar)
# {%} is the number of the place at work: each has a copy of the kit and of what was built.
# shellcheck disable=SC2016 # the shell that parallel starts knows where the kit is
parallel --will-cite ${bar[@]+"${bar[@]}"} --jobs "$jobs" '"$GRADE_ROOT/scripts/grade-all/one.sh"' '{%}' '{}' \
    "${options[@]@Q}" \
    ::: "${submissions[@]%/}" || true

{
    echo "name,verdict,score,max_score,failed,detail"
    for submission in "${submissions[@]%/}"; do
        cat "$reports/$(basename "$submission").csv"
    done
} >"$reports/gradebook.csv.new"
mv "$reports/gradebook.csv.new" "$reports/gradebook.csv"
echo "grade-all.sh: ${#submissions[@]} submissions, $(grep -c ',regrade,' "$reports/gradebook.csv" || true) to regrade; $reports/gradebook.csv"
