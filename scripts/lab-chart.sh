#!/usr/bin/env bash
# Draws the server of a lab as it was and as it is now; chart.sh in the lab's folder calls it.
#   scripts/lab-chart.sh NAME --before    keeps the server as it is as "before", draws it alone
#   scripts/lab-chart.sh NAME             draws "before" and "after"
# What follows goes to the demo. The scenario asks for nothing but PING, ECHO and SLEEP.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
case $target in /*) ;; *) target=$root/$target ;; esac

fail() {
    echo "lab-chart.sh: $*" >&2
    exit 1
}

name=${1-}
[ -n "$name" ] || fail "which lab? as in scripts/lab-chart.sh my-server"
shift
folder=$root/crates/$name
[ -f "$folder/Cargo.toml" ] || fail "there is no lab crates/$name; make it: scripts/new-lab.sh $name"
is_before=
if [ "${1-}" = --before ]; then
    is_before=yes
    shift
fi

# A copy of the server, which the next build does not change.
kept=$target/labs/$name/before
mkdir -p "$kept"
if [ -f "$folder/server.py" ]; then
    now="python3 '$folder/server.py'" before="python3 '$kept/server.py'"
    copy() { cp "$folder"/*.py "$kept"; }
else
    cargo build --quiet --profile demo --manifest-path "$folder/Cargo.toml" --target-dir "$target" ||
        fail "crates/$name does not build: mend what stands above, then draw it again"
    program=$name
    now="'$target/demo/$program'" before="'$kept/$program'"
    copy() { cp "$target/demo/$program" "$kept"; }
fi

scenario=$root/scripts/new-lab/chart.toml
! grep -qs '^const EXPECT: &str = "limit=2"' "$folder/tests/lab.rs" ||
    scenario=$root/scripts/new-lab/chart-limit.toml
servers=(--server "after=$now")
if [ -n "$is_before" ]; then
    copy
    servers=(--server "before=$before" --only before)
elif [ -n "$(ls -A "$kept")" ]; then
    servers+=(--server "before=$before")
fi
exec "$root/scripts/demo.sh" "$scenario" "${servers[@]}" "$@"
