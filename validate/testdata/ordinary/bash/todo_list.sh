#!/usr/bin/env bash
# todo: a list in a text file.
#   todo add buy milk
#   todo list | done 2 | clear
set -euo pipefail

TODO_FILE=${TODO_FILE:-$(mktemp)}

add() {
    echo "[ ] $*" >>"$TODO_FILE"
}

list() {
    if [[ ! -s $TODO_FILE ]]; then
        echo "nothing to do"
        return
    fi
    nl -w2 -s'. ' "$TODO_FILE"
}

finish() {
    local n=$1
    sed -i "${n}s/^\[ \]/[x]/" "$TODO_FILE"
}

clear_done() {
    local rest
    rest=$(grep -v '^\[x\]' "$TODO_FILE" || true)
    printf '%s\n' "$rest" >"$TODO_FILE"
}

run() {
    local command=${1:-list}
    shift || true
    case $command in
        add) add "$@" ;;
        list|ls) list ;;
        done) finish "${1:?which one?}" ;;
        clear) clear_done ;;
        -h|--help) sed -n '2,4s/^# *//p' "$0" ;;
        *) echo "todo: unknown command $command" >&2; return 2 ;;
    esac
}

if (( $# )); then
    run "$@"
else
    run add buy milk
    run add kill the weeds
    run done 1
    run list
    run clear
    run list
    rm -f -- "$TODO_FILE"
fi
