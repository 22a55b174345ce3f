#!/bin/bash
# Most frequent words of a text.
set -euo pipefail

usage() {
    echo "usage: ${0##*/} [-n count] [file]" >&2
    exit 2
}

top=10
while getopts "n:h" opt; do
    case "$opt" in
        n) top=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))

text() {
    if [[ $# -gt 0 ]]; then
        cat -- "$1"
    else
        cat <<'EOF'
The shell reads a line. The shell forks, and the child will exec the command
that the line names; the shell waits for the child.
EOF
    fi
}

text "$@" |
    tr '[:upper:]' '[:lower:]' |
    tr -cs '[:alpha:]' '\n' |
    grep -v '^$' |
    sort | uniq -c | sort -k1,1nr -k2 |
    awk -v top="$top" 'NR <= top { printf "%-12s %4d ", $2, $1; for (i = 0; i < $1; i++) printf "*"; print "" }'
