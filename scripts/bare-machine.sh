#!/usr/bin/env bash
# Runs a command on a machine that has only what the README asks for: a PATH with the Rust
# toolchain, a C linker, git, bash and the small tools that every Linux brings.
#   scripts/bare-machine.sh cargo test --workspace
set -euo pipefail
if [ $# -eq 0 ]; then
    echo "usage: scripts/bare-machine.sh COMMAND..." >&2
    exit 2
fi

programs="
cargo rustc rustdoc rustfmt rustup cargo-fmt cargo-clippy clippy-driver cc ld as ar
git bash sh prlimit setsid awk cmp diff find grep sed tar gzip
[ arch b2sum base32 base64 basename basenc cat chgrp chmod chown cksum comm cp csplit cut date
dd df dir dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id
install join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt
od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum
sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync
tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink uptime
users vdir wc who whoami yes"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for program in $programs; do
    found=$(type -P "$program") || continue
    ln -s "$found" "$folder/$program"
done
for program in cargo rustc cc git; do
    if [ ! -e "$folder/$program" ]; then
        echo "bare-machine.sh: the kit needs $program" >&2
        exit 1
    fi
done
env PATH="$folder" "$@"
