#!/usr/bin/env bash
# Judges one submission; scripts/grade-all.sh starts it.
#   one.sh PLACE SUBMISSION [grader's options]
set -euo pipefail
place=$GRADE_WORK/place-$1 submission=$2
shift 2
name=$(basename "$submission")
report=$GRADE_REPORTS/$name

# A line of the gradebook: verdict, score, max_score, failed checks, detail.
note() {
    local quote="'" detail=$5
    detail=${detail//\"/$quote}
    printf '"%s",%s,%s,%s,"%s","%s"\n' "${name//\"/$quote}" "$1" "$2" "$3" "$4" "${detail//$'\n'/ }" >"$report.csv"
}

note regrade '' '' '' 'the judgement did not finish'
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
chmod 755 "$run"

if [ -f "$submission/Cargo.toml" ]; then
    mkdir -p "$place"
    if ! "$GRADE_ROOT/scripts/grade-all/build.sh" "$place" "$submission" "$run/server" \
        >"$report.txt" 2>&1; then
        error=$(grep -m 1 '^error' "$report.txt" || echo 'see the report')
        note does-not-build 0 '' '' "$error"
        exit
    fi
elif [ -x "$submission/server" ]; then
    cp -r "$submission/." "$run/"
else
    echo "there is neither a Cargo.toml nor an executable called server" | tee "$report.txt"
    note no-submission 0 '' '' 'neither a Cargo.toml nor an executable called server'
    exit
fi

confined=()
[ -z "$GRADE_SANDBOX" ] || confined=(--sandbox --show "$run")
status=0
"$GRADE_GRADER" --format json --output "$report.json" \
    --repeat "scripts/grade.sh $submission --only CHECK" "${confined[@]}" "$@" \
    -- "$run/server" >"$report.txt" 2>&1 || status=$?

# People know the submission, not the place where it ran.
for file in "$report.txt" "$report.json"; do
    [ ! -f "$file" ] || sed -i "s|$run/server|$submission|g" "$file"
done

field() { sed -n "s/^  \"$1\": \([0-9]*\),\{0,1\}\$/\1/p" "$report.json"; }
failed() { awk -F'"' '/^      "name"/ { name = $4 } /^      "verdict": "(failed|skipped)"/ { print name }' "$report.json" | paste -sd ' '; }

case $status in
    0 | 1) note graded "$(field score)" "$(field max_score)" "$(failed)" '' ;;
    4) note no-server 0 "$(field max_score)" '' "$(grep -m 1 '^grader: ' "$report.txt" || true)" ;;
    *) note regrade '' '' '' "$(tail -n 1 "$report.txt")" ;;
esac
