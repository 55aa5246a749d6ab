#!/usr/bin/env bash
# Draws the README's picture, docs/head-of-line.svg, from a real run. A quiet machine draws it best.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
exec "$root/scripts/demo.sh" head-of-line --svg "$root/docs/head-of-line.svg" "$@"
