#!/usr/bin/env bash
# Prints how often the grader is right while every core is kept busy: for each server of the
# matrix, how many verdicts were right, and how long a grading took. docs/grading.md keeps them.
#   scripts/grading-figures.sh        100 gradings of each server of the kit, 20 of every other one
#   scripts/grading-figures.sh 50     50 of each
#   scripts/grading-figures.sh --right 50     50 of each right server, and no faulty one
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ "${1-}" = --right ]; then
    export KIT_RIGHT_ALONE=1
    shift
fi
case ${1-} in
    '') ;;
    *[!0-9]*) echo "usage: scripts/grading-figures.sh [--right] [GRADINGS]" >&2; exit 2 ;;
    *) export KIT_GRADINGS=$1 ;;
esac
cargo test --quiet -p grader --test it -- --ignored --nocapture matrix::figures
