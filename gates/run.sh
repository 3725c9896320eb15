#!/usr/bin/env bash
# What the GitHub Action runs: run.sh PROGRAM.
# Reads POLICYCHECK_POLICIES (one a line), _SPEC, _LINT, _FAIL_ON and _REPORTS from the environment,
# so that no value is ever read as shell code. Every report is written before the gate fails.
set -uo pipefail

program=$1
policies=()
while IFS= read -r line; do
    if [ -n "$line" ]; then policies+=("$line"); fi
done <<< "$POLICYCHECK_POLICIES"
reports=${POLICYCHECK_REPORTS:-}
code=0

# The worst exit code: wrong input before a violation before unknown, internal errors above all.
worse() {
    local one
    for one in 70 2 1 3; do
        if [ "$1" = "$one" ] || [ "$code" = "$one" ]; then
            code=$one
            return
        fi
    done
    if [ "$1" != 0 ]; then code=$1; fi
}

files() {
    if [ -z "$reports" ]; then return; fi
    printf '%s\n' "--output=sarif=$reports/$1.sarif" "--output=junit=$reports/$1.xml" \
        "--output=html=$reports/$1.html"
}

run() {
    local name=$1 options
    shift
    mapfile -t options < <(files "$name")
    "$program" "$name" --format=github "${options[@]}" "$@"
    worse $?
}

if [ -n "$reports" ]; then mkdir -p "$reports"; fi
if [ -n "${POLICYCHECK_SPEC:-}" ]; then
    run prove -- "${policies[@]}" "$POLICYCHECK_SPEC"
fi
if [ -z "${POLICYCHECK_SPEC:-}" ] || [ "${POLICYCHECK_LINT:-true}" = true ]; then
    about=()
    if [ -n "${POLICYCHECK_SPEC:-}" ]; then about=("--spec=$POLICYCHECK_SPEC"); fi
    run lint "${about[@]}" "--fail-on=${POLICYCHECK_FAIL_ON:-warning}" -- "${policies[@]}"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"; fi
exit "$code"
