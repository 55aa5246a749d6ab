#!/usr/bin/env bash
# Makes crates/NAME, a server of your own, judged by `cargo test -p NAME`.
#   scripts/new-lab.sh NAME                starts from the single server
#   scripts/new-lab.sh --from-proto NAME   starts on the codec alone
#   scripts/new-lab.sh --python NAME       the same in Python: server.py
#   scripts/new-lab.sh --handler NAME      starts with threads and an empty
#                                          ClientHandler (handout 5)
#   scripts/new-lab.sh --event-loop NAME   starts from a loop that waits for all
#                                          clients at once; NAME.py: the same in
#                                          Python, as demos/python/NAME.py
#   scripts/new-lab.sh --again NAME        starts over; what is there now goes to
#                                          old-labs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
templates=scripts/new-lab

fail() {
    echo "new-lab.sh: $*" >&2
    exit 1
}

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
}

from='' name='' again=''
for word; do
    case $word in
        --from-proto) from=from-proto ;;
        --python) from=python ;;
        --handler) from=handler ;;
        --event-loop) from=event-loop ;;
        --again) again=yes ;;
        -*) usage ;;
        *)
            [ -z "$name" ] ||
                fail "one name, please, not '$name' and '$word': a name has no blanks, as in my-server"
            [ -n "$word" ] || fail "a name cannot be empty; write one, as in my-server"
            name=$word
            ;;
    esac
done
[ -n "$name" ] || usage
. "$templates/names.sh"

needs_python() {
    command -v python3 >/dev/null ||
        fail "there is no python3; install Python 3.9 or later"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' ||
        fail "$(python3 --version 2>&1) is too old; install Python 3.9 or later as python3"
}

# Moves a file or a folder to old-labs, under a number that is free.
keep() {
    local number=1 base
    base=$(basename "$1")
    while [ -e "old-labs/$base-$number" ]; do number=$((number + 1)); done
    mkdir -p old-labs
    mv -- "$1" "old-labs/$base-$number"
    echo "What was there is kept in old-labs/$base-$number."
}

if [ "$from" = event-loop ] && [[ $name == *.py ]]; then
    script=demos/python/$name
    check_script_name "$name"
    needs_python
    if [ -e "$script" ]; then
        [ -n "$again" ] ||
            fail "$script is there already; take another name, or start over: scripts/new-lab.sh --again --event-loop $name"
        keep "$script"
    fi
    cp "$templates/event_loop.py" "$script"
    cat <<END
$script is there: the server, write here.
This judges it:
  scripts/grade.sh --commands PING,ECHO -- python3 $script
END
    exit
fi

check_name "$name"
folder=crates/$name
if [ -n "$again" ]; then
    [ -e "$folder" ] || fail "there is no $folder to start over; make it: scripts/new-lab.sh $name"
    is_lab "$folder" || fail "$folder is no lab of this script; only a lab can be started over"
    : "${from:=$(lab_kind "$folder")}"
    keep "$folder"
elif is_lab "$folder"; then
    fail "$folder is there already; take another name, or start over: scripts/new-lab.sh --again ${from:+--$from }$name"
elif [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
    fail "$folder is there already; take another name"
fi
: "${from:=single-server}"
[ "$from" != python ] || needs_python

manifest() {
    cat <<END
[package]
name = "$name"
description = "A server of my own"
version.workspace = true
edition.workspace = true
license.workspace = true
publish.workspace = true

[package.metadata.lab]
from = "$from"

# What the kit bans is no beginner's error.
[lints.clippy]
disallowed_methods = "allow"
END
    [ $# -eq 0 ] || printf '\n[dependencies]\n%s\n' "$1"
    cat <<END

[dev-dependencies]
grader = { workspace = true, features = ["lab"] }

[[test]]
name = "lab"
harness = false
END
}

mkdir -p "$folder/tests"
tests=$templates/lab.rs main=src/main.rs commands=PING,ECHO,SLEEP,RUN,MEET,INCR
grade="scripts/grade.sh $folder" points=points
lab_4="  $grade --commands PING,ECHO,SLEEP,INCR \\
    --weights scripts/weights/lab-4.json"
command="env!(\"CARGO_BIN_EXE_$name\")"
case $from in
    python)
        tests=$templates/steps.rs main=server.py graded=$lab_4
        command='"python3", concat!(env!("CARGO_MANIFEST_DIR"), "/server.py")'
        manifest >"$folder/Cargo.toml"
        cp "$templates/server.py" demos/python/resp.py "$folder"
        ;;
    proto | from-proto)
        tests=$templates/steps.rs graded=$lab_4
        manifest $'proto.workspace = true\nsignal-hook.workspace = true' >"$folder/Cargo.toml"
        mkdir "$folder/src"
        cp "$templates/from-proto.rs" "$folder/src/main.rs"
        ;;
    handler)
        manifest $'proto.workspace = true\nsignal-hook.workspace = true' >"$folder/Cargo.toml"
        mkdir "$folder/src"
        cp "$templates/handler.rs" "$folder/src/main.rs"
        commands=PING,ECHO,REGISTER,ROSTER # what the handout asks for, and no more
        graded="  $grade --commands $commands"
        ;;
    event-loop)
        manifest $'mio.workspace = true\nproto.workspace = true\nsignal-hook.workspace = true' \
            >"$folder/Cargo.toml"
        mkdir "$folder/src"
        cp "$templates/event-loop.rs" "$folder/src/main.rs"
        graded="  $grade --commands PING,ECHO,SLEEP,MEET,INCR"
        ;;
    single-server)
        manifest 'service.workspace = true' >"$folder/Cargo.toml"
        mkdir "$folder/src"
        cp crates/single-server/src/main.rs "$folder/src/main.rs"
        points='the points of lab 2, and then those of lab 6'
        graded="  $grade --weights scripts/weights/lab-2.json
  $grade --expect limit=2 \\
    --weights scripts/weights/lab-6.json"
        ;;
    *) fail "$folder/Cargo.toml says from = \"$from\", which is unknown here; give --from-proto, --handler, --python or --event-loop" ;;
esac
sed "s|COMMAND_OF_THE_SERVER|$command|; s/my-server/$name/g; s/PING,ECHO,SLEEP,RUN,MEET,INCR/$commands/" "$tests" >"$folder/tests/lab.rs"
cp "$templates/chart.sh" "$folder/chart.sh"

cat <<END
$folder is there, and cargo knows it. In this folder:
  $(printf %-11s "$main")   the server: write here
  tests/lab.rs  what is expected of it, one test for each check
  chart.sh      draws it, before and after a change
This judges it; some checks fail at first:
  cargo test -p $name
This gives $points:
$graded
END
