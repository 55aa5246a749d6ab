#!/usr/bin/env bash
# Installs what the tests use beside Rust and a C linker, on Debian or Ubuntu, as root or with
# sudo. Run again, it installs only what is missing. Without it the tests still pass: each one
# that lacks a program says so and is skipped, unless KIT_REQUIRE_ALL=1. A test compares this
# table with what the tests ask for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# a program, and the package that has it
programs="
redis-server    redis-server
redis-cli       redis-tools
redis-benchmark redis-tools
nc              netcat-openbsd
telnet          telnet
curl            curl
jq              jq
python3         python3
npm             npm
chromium        chromium
rsvg-convert    librsvg2-bin
bwrap           bubblewrap
parallel        parallel
ip              iproute2
prlimit         util-linux
setpriv         util-linux
setsid          util-linux
ss              iproute2
stty            coreutils
perl            perl-base
script          bsdutils
zsh             zsh
fish            fish
"

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

missing_packages() {
    while read -r program package; do
        if [ -n "$program" ] && ! command -v "$program" >/dev/null; then echo "$package"; fi
    done <<<"$programs"
    # venv without ensurepip makes an environment that has no pip.
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then echo python3-venv; fi
}

install_packages() {
    local packages
    mapfile -t packages < <(missing_packages | sort -u)
    if [ ${#packages[@]} -eq 0 ]; then
        echo "packages: all there"
        return
    fi
    echo "packages: installing ${packages[*]}"
    as_root apt-get update -q
    # At run level 1 a package does not start its service: the tests start servers of their own.
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -q --no-install-recommends "${packages[@]}"
}

# The tests run a Python that has this module as target/test-tools/NAME/bin/python.
python_with() {
    local name=$1 module=$2 requirement=$3
    local place="${CARGO_TARGET_DIR:-target}/test-tools/$name"
    if "$place/bin/python" -c "import $module" 2>/dev/null; then
        echo "$name: there"
        return
    fi
    echo "$name: installing $requirement"
    rm -rf "$place"
    python3 -m venv "$place"
    "$place/bin/python" -m pip install --quiet --disable-pip-version-check "$requirement"
}

# mdbook comes from crates.io into cargo's own folder of programs, which stays between runs. What
# it is built without serves and searches a book; a test only builds one.
install_mdbook() {
    if command -v mdbook >/dev/null; then
        echo "mdbook: there"
        return
    fi
    echo "mdbook: building it, some minutes"
    cargo install --quiet --locked --debug --no-default-features mdbook
}

# The test that checks the page for people who cannot see or point gives this file to Chromium.
install_axe_core() {
    local place="${CARGO_TARGET_DIR:-target}/test-tools/axe-core"
    if [ -f "$place/node_modules/axe-core/axe.min.js" ]; then
        echo "axe-core: there"
        return
    fi
    echo "axe-core: installing it"
    mkdir -p "$place"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$place" axe-core@4
}

install_packages
install_mdbook
install_axe_core
python_with redis-py-current redis redis
python_with redis-py-5 redis 'redis>=5,<6'
python_with cairosvg cairosvg cairosvg
