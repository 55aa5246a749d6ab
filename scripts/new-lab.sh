#!/usr/bin/env bash
# Makes crates/NAME, a server of your own, judged by `cargo test -p NAME`.
#   scripts/new-lab.sh NAME                starts from the single server
#   scripts/new-lab.sh --from-proto NAME   starts on the codec alone: the handler is yours to write
#   scripts/new-lab.sh --event-loop NAME   starts from a loop that waits for all clients at once;
#                                          NAME.py: the same in Python, as demos/python/NAME.py
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    echo "usage: scripts/new-lab.sh [--from-proto | --event-loop] NAME" >&2
    exit 2
}

fail() {
    echo "new-lab.sh: $*" >&2
    exit 1
}

from=single-server name=
for word; do
    case $word in
        --from-proto) from=proto ;;
        --event-loop) from=event-loop ;;
        -*) usage ;;
        *) [ -z "$name" ] || usage && name=$word ;;
    esac
done
[ -n "$name" ] || usage
if [ "$from" = event-loop ] && [[ $name == *.py ]]; then
    [[ $name =~ ^[a-z][a-z0-9_]*\.py$ ]] ||
        fail "'$name' is no name for a script: use a-z, 0-9 and _, as in my_loop.py"
    [ ! -e "demos/python/$name" ] || fail "demos/python/$name is there already"
    cp scripts/new-lab/event_loop.py "demos/python/$name"
    cat <<EOF
demos/python/$name is there.
  demos/python/$name    the server: write here
  scripts/grade.sh --commands PING,ECHO -- python3 demos/python/$name    judges it
EOF
    exit
fi
[[ $name =~ ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ ]] ||
    fail "'$name' is no name for a crate: use a-z, 0-9 and single dashes, as in my-server"
[ ! -e "crates/$name" ] || fail "crates/$name is there already"
grep -q "^name = \"$name\"\$" Cargo.lock && fail "a crate is called '$name' already"

manifest() {
    cat <<EOF
[package]
name = "$name"
description = "A server of my own"
version.workspace = true
edition.workspace = true
license.workspace = true
publish.workspace = true

# What the kit bans is no beginner's error.
[lints.clippy]
disallowed_methods = "allow"

[dependencies]
$1

[dev-dependencies]
grader = { workspace = true, features = ["lab"] }

[[test]]
name = "lab"
harness = false
EOF
}

mkdir -p "crates/$name/src" "crates/$name/tests"
if [ "$from" = proto ]; then
    manifest $'proto.workspace = true\nsignal-hook.workspace = true' >"crates/$name/Cargo.toml"
    cp scripts/new-lab/from-proto.rs "crates/$name/src/main.rs"
elif [ "$from" = event-loop ]; then
    manifest $'mio.workspace = true\nproto.workspace = true\nsignal-hook.workspace = true' \
        >"crates/$name/Cargo.toml"
    cp scripts/new-lab/event-loop.rs "crates/$name/src/main.rs"
else
    manifest 'service.workspace = true' >"crates/$name/Cargo.toml"
    cp crates/single-server/src/main.rs "crates/$name/src/main.rs"
fi
sed "s/my-server/$name/g" scripts/new-lab/lab.rs >"crates/$name/tests/lab.rs"

# One member a line: the new one goes behind the last.
awk -v member="    \"crates/$name\"," \
    '/^members = \[/ { inside = 1 } inside && /^\]/ { print member; inside = 0 } { print }' \
    Cargo.toml >Cargo.toml.new
mv Cargo.toml.new Cargo.toml

cat <<EOF
crates/$name is there, and a member of the workspace.
  crates/$name/src/main.rs     the server: write here
  crates/$name/tests/lab.rs    what is expected of it, one test a check
  cargo test -p $name          judges it; some checks fail at first
  scripts/grade.sh crates/$name    the same with points
EOF
