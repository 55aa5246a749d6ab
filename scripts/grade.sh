#!/usr/bin/env bash
# Judges a server, with points.
#   scripts/grade.sh crates/my-server         a crate: it is built first
#   scripts/grade.sh path/to/server           a program
#   scripts/grade.sh -- python3 server.py     a command, in any language
# What follows PATH, or stands before `--`, goes to the grader: --expect serial, --only slow,
# --commands PING,SLEEP, --format json, --output FILE, --sandbox. `scripts/grade.sh --help`
# explains them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

# The grader's first build takes a while: whoever waits at a terminal sees how far it is.
quiet=(--quiet)
[ ! -t 2 ] || [ -x "$target/release/grader" ] || quiet=()
[ -n "${GRADER-}" ] || # a grader that is built already
    cargo build ${quiet[@]+"${quiet[@]}"} --release --manifest-path "$root/Cargo.toml" -p grader
grader=${GRADER:-$target/release/grader}
if [ $# -eq 0 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

# Without --only: a failed check is told to be repeated with one of its own.
path='' options=() only=() command=()
while [ $# -gt 0 ]; do
    case $1 in
        --) shift && command=("$@") && break ;;
        -h | --help) exec "$grader" --help ;;
        --only) only=("$1" "${2-}") && shift ;;
        --only=*) only=("$1") ;;
        --sandbox | --*=*) options+=("$1") ;;
        -*) options+=("$1" "${2-}") && shift ;;
        *) [ -z "$path" ] || { echo "grade.sh: one server at a time, not '$path' and '$1'" >&2; exit 2; }
           path=$1 ;;
    esac
    [ $# -eq 0 ] || shift
done

if [ -n "$path" ] && [ -d "$path" ]; then
    [ -f "$path/Cargo.toml" ] || { echo "grade.sh: there is no Cargo.toml in $path" >&2; exit 4; }
    name=$(sed -n '/^\[package\]/,/^\[/s/^name *= *"\(.*\)"/\1/p' "$path/Cargo.toml" | head -n 1)
    manifest=$(cd "$path" && pwd)/Cargo.toml
    case " ${options[*]-} " in
        *" --sandbox "*) # a build script is untrusted as well
            run=$(mktemp -d) && chmod 755 "$run" && trap 'rm -rf "$run"' EXIT
            build=(env GRADE_ROOT="$root" GRADE_SANDBOX=yes "$root/scripts/grade-all/build.sh"
                "$target/grade-all/place-0" "$path" "$run/server")
            command=("$run/server")
            ;;
        *)
            build=(cargo build --quiet --release --manifest-path "$manifest" --bins
                --target-dir "$target")
            command=("$target/release/$name")
            ;;
    esac
    mkdir -p "$target/grade-all/place-0"
    "${build[@]}" || { echo "grade.sh: $path does not build" >&2; exit 4; }
elif [ -n "$path" ]; then
    case $path in */*) command=("$path") ;; *) command=("./$path") ;; esac
fi
[ ${#command[@]} -gt 0 ] || { echo "grade.sh: which server? a crate, a program, or -- COMMAND" >&2; exit 2; }

# How a failed check is seen again: the same words, and --only CHECK.
if [ -n "$path" ]; then
    repeat="scripts/grade.sh $path ${options[*]+${options[*]} }--only CHECK"
else
    repeat="scripts/grade.sh ${options[*]+${options[*]} }--only CHECK -- ${command[*]}"
fi
"$grader" --repeat "$repeat" ${options[@]+"${options[@]}"} ${only[@]+"${only[@]}"} -- "${command[@]}"
