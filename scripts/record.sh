#!/usr/bin/env bash
# Plays every scenario and writes each run to demos/recorded, where scripts/demo.sh --replay NAME
# finds it. A quiet machine records best. A run that shows what its scenario does not expect, or
# whose servers are not installed, leaves the record that is there as it is. Needs jq.
#   scripts/record.sh                  every scenario
#   scripts/record.sh head-of-line     one
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
recorded=$root/demos/recorded
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p "$recorded"

# Prints the file to play. A record of a thousand clients is 300 kB: the two large scenarios are
# played with fewer. The others stay where they are, for a server's path starts from there.
to_play() {
    local file=$root/demos/$1.toml smaller=$work/$1.toml
    case $1 in
        crowd) sed -e 's/^count .*/count    = 60/' -e 's/^in_service .*/in_service = 61/' \
            -e 's/A thousand sleepers/Sixty sleepers/' "$file" >"$smaller" ;;
        lost-update) sed 's/^times .*/times    = 4/' "$file" >"$smaller" ;;
        *) smaller=$file ;;
    esac
    echo "$smaller"
}

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    for file in "$root"/demos/*.toml; do names+=("$(basename "$file" .toml)"); done
fi
status=0
for name in "${names[@]}"; do
    if "$root/scripts/demo.sh" --no-live --json "$work/$name.json" "$(to_play "$name")" \
        >"$work/shown" 2>&1 && [ -e "$work/$name.json" ]; then
        jq -c . "$work/$name.json" >"$recorded/$name.json"
        echo "$name: $(wc -c <"$recorded/$name.json") bytes"
    else
        echo "$name: not recorded" >&2
        tail -n 3 "$work/shown" >&2
        status=1
    fi
done
exit "$status"
