#!/usr/bin/env bash
# Checks the whole repository: format, lints, documentation, tests.
#   scripts/test.sh                  all of them
#   scripts/test.sh format lints     some of them
# What the tests use beside Rust is installed by scripts/install-test-tools.sh; without it
# they skip what they lack and say so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n== %s\n' "$*"; }

format() {
    say "format: cargo fmt --all --check"
    cargo fmt --all --check
}

lints() {
    say "lints: cargo clippy --workspace --all-targets -- -D warnings"
    cargo clippy --workspace --all-targets -- -D warnings
}

docs() {
    say "documentation: cargo doc --workspace --no-deps, warnings are errors"
    RUSTDOCFLAGS="${RUSTDOCFLAGS:-} -D warnings" cargo doc --workspace --no-deps
}

tests() {
    say "tests: cargo test --workspace"
    cargo test --workspace
}

for check in "${@:-}"; do
    case "$check" in
        format | lints | docs | tests | "") ;;
        *)
            echo "test.sh: there is no check '$check': try format, lints, docs, tests" >&2
            exit 2
            ;;
    esac
done
[ $# -gt 0 ] || set -- format lints docs tests
for check; do "$check"; done
say "done: $*"
