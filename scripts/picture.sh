#!/usr/bin/env bash
# Draws the README's picture, docs/head-of-line.svg, and the book's page, docs/head-of-line.html,
# from a real run. A quiet machine draws them best.
#   scripts/picture.sh                           play the scenario now
#   scripts/picture.sh --replay head-of-line     from the run in demos/recorded
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
[ $# -gt 0 ] || set -- head-of-line
exec "$root/scripts/demo.sh" "$@" \
    --svg "$root/docs/head-of-line.svg" --html "$root/docs/head-of-line.html"
