#!/usr/bin/env bash
# Checks the whole repository: format, lints, documentation, tests, and those that `cargo test`
# leaves out because they take long.
#   scripts/test.sh                  all of them
#   scripts/test.sh format lints     some of them
# What the tests use beside Rust is installed by scripts/install-test-tools.sh. Without it they
# skip what they lack; how many tests lacked which tool is printed after `cargo test --workspace`.
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

# The kit is written for macOS, too, where nothing is run: the programs have to compile.
macos() {
    local target=aarch64-apple-darwin
    say "macOS: cargo clippy --workspace --target $target -- -D warnings"
    if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target" ] &&
        ! rustup target add "$target"; then
        echo "skipped: rustup cannot install the library for $target"
        return
    fi
    cargo clippy --workspace --target "$target" -- -D warnings
}

docs() {
    say "documentation: cargo doc --workspace --no-deps, warnings are errors"
    RUSTDOCFLAGS="${RUSTDOCFLAGS:-} -D warnings" cargo doc --workspace --no-deps
}

# Every skipped test leaves a line in the record: crate, test, reason.
tests() {
    say "tests: cargo test --workspace"
    local record=${CARGO_TARGET_DIR:-target}/skipped-tests status=0 reason tests
    rm -f "$record"
    cargo test --workspace || status=$?
    [ -s "$record" ] || { echo "No test was skipped." && return "$status"; }
    echo
    while read -r tests reason; do
        echo "$tests skipped or cut short: $reason"
    done < <(sort -u "$record" | cut -f 3 | sort | uniq -c | sort -rn)
    echo "They count as passed above. scripts/install-test-tools.sh installs what they lack."
    return "$status"
}

labs() {
    say "labs: made, built and graded as their pages say"
    cargo test -p grader --test it -- --ignored lab_crates graded_crates
}

# Whole classes of submissions: those that are stopped and resumed, that cheat, that run confined.
classes() {
    say "classes: judged by the grader's scripts"
    cargo test -p grader --test it -- --ignored class:: cheats sandbox::memory scripts::
}

# With KIT_UPDATE_DOCS=1 the pages get what was printed.
pages() {
    say "pages: every command prints what its page shows"
    cargo test -p fixture --test it -- --ignored every_command
}

# Every faulty server and every check, reports on slips, a machine that stalls; the deadlines of
# ten seconds, scenarios that compute, the table of designs, and all of the random inputs.
long() {
    say "long tests: some minutes"
    # Each of them keeps the machine busy: one after another.
    cargo test -p grader --test it -- --ignored --test-threads=1 \
        each_server true_reports stall::five leftovers forks_without_end
    cargo test -p service -p designs --test it -- --ignored deadlines
    cargo test -p sleep-demo --test it -- --ignored that_computes each_cell
    KIT_FUZZ_INPUTS=20000 cargo test -p service -p designs --test it as_redis
    KIT_ALL_RECORDS=1 cargo test -p timeline --test it -- \
        definition truth racy_updates mutated_records event_sentences
}

for check in "${@:-}"; do
    case "$check" in
        format | lints | macos | docs | "") ;;
        tests | labs | classes | pages | long) ;;
        *)
            echo "test.sh: there is no check '$check': try" \
                "format, lints, macos, docs, tests, labs, classes, pages, long" >&2
            exit 2
            ;;
    esac
done
[ $# -gt 0 ] || set -- format lints macos docs tests labs classes pages long
for check; do "$check"; done
say "done: $*"
