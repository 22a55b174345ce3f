#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<EOF
Usage: ${0##*/} [-h] [-p DIGITS]
A calculator with a menu.
  -h          show this help
  -p DIGITS   digits after the point (default 2)
EOF
}

scale=2
while getopts "hp:" opt; do
    case $opt in
        h) usage; exit 0 ;;
        p) scale=$OPTARG ;;
        *) usage >&2; exit 2 ;;
    esac
done

PS3="Choose an operation: "
select op in add subtract multiply divide quit; do
    [[ $op == quit ]] && break
    read -rp "first number: " a
    read -rp "second number: " b
    case $op in
        add)      echo "scale=$scale; $a + $b" | bc ;;
        subtract) echo "scale=$scale; $a - $b" | bc ;;
        multiply) echo "scale=$scale; $a * $b" | bc ;;
        divide)
            if [[ $b == 0 ]]; then
                echo "division by zero" >&2
            else
                echo "scale=$scale; $a / $b" | bc
            fi ;;
        *) echo "no such choice" ;;
    esac
done
