#!/usr/bin/env bash
# Draws this server as it was and as it is now, one above the other.
#   ./chart.sh --before    keeps it as it is now as "before", and draws it alone
#   ./chart.sh             draws "before" and the server as it is now, "after"
# What follows goes to the demo: ./chart.sh --plain. Without a "before" the kit's single-server
# stands in for it.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ ! -x "$here/../../scripts/lab-chart.sh" ]; then
    echo "chart.sh: $here is not in the crates of the kit; move it back there" >&2
    exit 1
fi
exec "$here/../../scripts/lab-chart.sh" "$(basename "$here")" "$@"
