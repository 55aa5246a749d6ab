#!/usr/bin/env bash
# Builds one submission beside a copy of the kit's crates, offline; scripts/grade-all.sh uses it.
#   build.sh PLACE SUBMISSION SERVER
# What the kit's crates need is built once a PLACE. With GRADE_SANDBOX set the build runs inside
# bubblewrap, and what it left in PLACE is thrown away.
set -euo pipefail
place=$1 submission=$2 server=$3
kit=$place/kit target=$place/target

lay_out_kit() {
    rm -rf "$kit"
    mkdir -p "$kit/demos"
    cp -r --preserve=timestamps "$GRADE_ROOT"/{Cargo.toml,Cargo.lock,clippy.toml,crates} "$kit"
    cp -r --preserve=timestamps "$GRADE_ROOT/demos/faulty-servers" "$kit/demos"
    # Without the lab crates that stand there: a submission may have the name of one.
    local lab
    for lab in "$kit"/crates/*/tests/lab.rs; do
        [ -f "$lab" ] || continue
        lab=${lab%/tests/lab.rs}
        rm -r "$lab"
        sed -i "\|\"crates/${lab##*/}\"|d" "$kit/Cargo.toml"
    done
}

if [ ! -d "$place/built" ]; then
    echo "building what the submissions need, once"
    lay_out_kit
    cargo build --quiet --release --manifest-path "$kit/Cargo.toml" --target-dir "$target" \
        -p single-server
    rm -rf "$place/built.new"
    cp -r --preserve=timestamps "$target" "$place/built.new"
    mv "$place/built.new" "$place/built"
fi

rm -rf "$target"
cp -r --preserve=timestamps "$place/built" "$target"
lay_out_kit
mkdir "$kit/crates/submission"
cp -r "$submission/." "$kit/crates/submission"
rm -rf "$kit/crates/submission/target"
sed -i '/^members = \[/a\    "crates/submission",' "$kit/Cargo.toml"
name=$(sed -n '/^\[package\]/,/^\[/s/^name *= *"\(.*\)"/\1/p' "$kit/crates/submission/Cargo.toml" | head -n 1)

build=(cargo build --release --offline --manifest-path "$kit/crates/submission/Cargo.toml"
    --bins --target-dir "$target")
if [ -n "${GRADE_SANDBOX-}" ]; then
    cargo_home=${CARGO_HOME:-$HOME/.cargo} rustup_home=${RUSTUP_HOME:-$HOME/.rustup}
    confine=(timeout 300 prlimit --data=4294967296 --cpu=600 --fsize=1073741824 --
        bwrap --unshare-all --die-with-parent --new-session --proc /proc --dev /dev --tmpfs /tmp
        --ro-bind /usr /usr --ro-bind-try /bin /bin --ro-bind-try /lib /lib
        --ro-bind-try /lib64 /lib64 --ro-bind-try /etc/alternatives /etc/alternatives
        --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache
        --ro-bind "$cargo_home" "$cargo_home" --ro-bind "$rustup_home" "$rustup_home"
        --bind "$kit" "$kit" --bind "$target" "$target" --clearenv --setenv HOME /tmp
        --setenv PATH "$cargo_home/bin:/usr/bin:/bin" --setenv CARGO_HOME "$cargo_home"
        --setenv RUSTUP_HOME "$rustup_home" --)
    build=("${confine[@]}" "${build[@]}")
fi
"${build[@]}"
# A link would lead out of the sandbox.
[ -f "$target/release/$name" ] && [ ! -L "$target/release/$name" ]
cp "$target/release/$name" "$server"
chmod 755 "$server"
