#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder's image: docs/grading.md says how to
# zip it together with the kit.
set -euo pipefail
# Submissions are built by a user of their own, who has to be able to read the compiler.
export CARGO_HOME=/opt/cargo RUSTUP_HOME=/opt/rustup
printf 'export CARGO_HOME=%s RUSTUP_HOME=%s\n' "$CARGO_HOME" "$RUSTUP_HOME" >/etc/profile.d/kit.sh
apt-get update -q
apt-get install -y -q --no-install-recommends build-essential bubblewrap rustup util-linux
rustup default stable
# What submissions need is built here, so that judging one needs no network.
cd /autograder/source
cargo build --release -p grader
chmod -R a+rX "$CARGO_HOME" "$RUSTUP_HOME"
GRADE_ROOT=$PWD target/release/grade-class --prepare --confine best
# A submission can pass through here to the place where it is built, and read nothing.
chmod 711 . target target/grade-all
chmod -R go-rwx crates demos docs scripts target/release
