#!/usr/bin/env bash
# Builds the book with the answers to the labs: target/instructor-book.
#   scripts/instructor.sh [FOLDER]    into another folder
# The book of the students (mdbook build docs) has no answers.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac
into=${1:-$target/instructor-book}
case $into in /*) ;; *) into=$PWD/$into ;; esac

command -v mdbook >/dev/null || {
    echo "instructor.sh: there is no mdbook; install it: cargo install mdbook" >&2
    exit 3
}
sources=$(mktemp -d)
trap 'rm -rf "$sources"' EXIT
cp -R "$root/docs/." "$sources"
{
    printf '\n# Answers\n\n- [For who marks](answers/README.md)\n'
    for page in "$root"/docs/answers/[0-9]*.md; do
        name=$(basename "$page")
        printf -- '- [Answers to lab %s](answers/%s)\n' "${name%.md}" "$name"
    done
} >>"$sources/SUMMARY.md"
mdbook build --dest-dir "$into" "$sources" >&2
echo "$into/index.html"
