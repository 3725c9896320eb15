#!/usr/bin/env bash
# What the GitHub Action runs: run.sh PROGRAM.
# Reads POLICYCHECK_POLICIES (one a line), _SPEC, _LINT, _FAIL_ON and _REPORTS from the environment,
# so that no value is ever read as shell code. Every report is written before the gate fails.
# The bash 3.2 of macOS will do.
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

run() {
    local name=$1 options=(--format=github)
    shift
    if [ -n "$reports" ]; then
        options+=("--output=sarif=$reports/$name.sarif" "--output=junit=$reports/$name.xml" \
            "--output=html=$reports/$name.html")
    fi
    "$program" "$name" "${options[@]}" "$@"
    worse $?
}

if [ -n "$reports" ]; then mkdir -p "$reports"; fi
if [ -n "${POLICYCHECK_SPEC:-}" ]; then
    run prove -- ${policies[@]+"${policies[@]}"} "$POLICYCHECK_SPEC"
fi
if [ -z "${POLICYCHECK_SPEC:-}" ] || [ "${POLICYCHECK_LINT:-true}" = true ]; then
    about=("--fail-on=${POLICYCHECK_FAIL_ON:-warning}")
    if [ -n "${POLICYCHECK_SPEC:-}" ]; then about+=("--spec=$POLICYCHECK_SPEC"); fi
    run lint "${about[@]}" -- ${policies[@]+"${policies[@]}"}
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"; fi
exit "$code"
