#!/bin/bash
# What traps are for: cleaning up, and saying goodbye.

work=$(mktemp -d) || exit 1

cleanup() {
    local code=$?
    rm -f "$work"/*.txt
    rmdir "$work"
    echo "cleaned up, exit code $code"
}

on_error() {
    echo "error on line $1: $2" >&2
}

trap cleanup EXIT
trap 'echo "interrupted"; exit 130' INT
trap 'on_error $LINENO "$BASH_COMMAND"' ERR
trap 'count=$(( count + 1 ))' USR1

count=0
kill -USR1 $$
kill -USR1 $$
echo "signals seen: $count, process ${$:+known}"

for i in 1 2 3; do
    echo "note $i" >"$work/note$i.txt"
done
shopt -s nullglob
files=("$work"/*.txt)
echo "${#files[@]} notes"

false
ls /no/such/directory >/dev/null 2>&1 || echo "ls failed as expected"

deadline=$(( SECONDS + 2 ))
until (( SECONDS >= deadline )) || [[ -e $work/note3.txt ]]; do
    sleep 0.1
done
command -v awk >/dev/null && echo "awk is here"
type -t cleanup
