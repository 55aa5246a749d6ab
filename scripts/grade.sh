#!/usr/bin/env bash
# Judges a server, with points.
#   scripts/grade.sh crates/my-server         a crate: it is built first
#   scripts/grade.sh path/to/server           a program, or a script of Python's
#   scripts/grade.sh -- python3 server.py     a command, in any language
# What follows PATH, or stands before `--`, goes to the grader: --expect serial, --only slow,
# --commands PING,SLEEP, --format json, --output FILE, --sandbox. `scripts/grade.sh --help`
# explains them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

# The grader's first build takes a while: a person at a terminal sees how far it is.
quiet=(--quiet)
[ ! -t 2 ] || [ -x "$target/release/grader" ] || quiet=()
[ -n "${GRADER-}" ] || # a grader that is built already
    cargo build ${quiet[@]+"${quiet[@]}"} --release --manifest-path "$root/Cargo.toml" -p grader
grader=${GRADER:-$target/release/grader}
if [ $# -eq 0 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

# Without --only: a failed check prints a command of its own to repeat it.
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

class=$(dirname "$grader")/grade-class
is_confined=
for option in ${options[@]+"${options[@]}"}; do
    case $option in --sandbox | --confine | --confine=*) is_confined=yes ;; esac
done
if [ -n "$path" ] && [ -d "$path" ]; then
    folder=$(cd -- "$path" && pwd -P)
    # A submission may lie anywhere, in a folder of the kit too, and is no member of its workspace.
    kit=$(cd "$root" && pwd -P)
    case $folder/ in "$kit"/crates/* | "$kit"/demos/*) is_ours=yes ;; *) is_ours= ;; esac
    if [ -n "$is_confined" ] || [ -z "$is_ours" ] || [ ! -f "$folder/Cargo.toml" ]; then
        # Built as a submission is: beside a copy of the kit, and as confined as it is judged.
        GRADE_ROOT=$root exec "$class" --one "$folder" ${options[@]+"${options[@]}"} ${only[@]+"${only[@]}"}
    fi
    if [ -f "$folder/server.py" ] && [ ! -d "$folder/src" ]; then # a lab in Python
        command=(python3 "$folder/server.py")
    else
        name=$("$class" --program-of "$folder/Cargo.toml") &&
            cargo build --quiet --release --manifest-path "$folder/Cargo.toml" --bins --target-dir "$target" ||
            { echo "grade.sh: $path does not build" >&2; exit 4; }
        command=("$target/release/$name")
    fi
elif [ -n "$path" ] && [ ! -e "$path" ]; then
    case $path in
        crates/*) advice="; make it: scripts/new-lab.sh ${path#crates/}" ;;
        *) advice='' ;;
    esac
    echo "grade.sh: no server to judge: there is no $path$advice" >&2
    exit 4
elif [[ $path == *.py && ! -x $path ]]; then
    command=(python3 "$path")
elif [ -n "$path" ]; then
    case $path in */*) command=("$path") ;; *) command=("./$path") ;; esac
fi
[ ${#command[@]} -gt 0 ] || { echo "grade.sh: which server? a crate, a program, or -- COMMAND" >&2; exit 2; }

# How a failed check is seen again: the same words, and --only CHECK. A second look is for
# the terminal, and overwrites no report.
again=()
for ((i = 0; i < ${#options[@]}; i++)); do
    case ${options[i]} in
        --output | --format | --repeat) i=$((i + 1)) ;;
        --output=* | --format=* | --repeat=*) ;;
        *)
            word=$(printf %q "${options[i]}")
            again+=("${word//\\,/,}") # a comma needs no backslash in any shell
            ;;
    esac
done
if [ -n "$path" ]; then
    repeat="scripts/grade.sh $(printf %q "$path") ${again[*]+${again[*]} }--only CHECK"
else
    repeat="scripts/grade.sh ${again[*]+${again[*]} }--only CHECK -- $(printf '%q ' "${command[@]}")"
    repeat=${repeat% }
fi
"$grader" --repeat "$repeat" ${options[@]+"${options[@]}"} ${only[@]+"${only[@]}"} -- "${command[@]}"
