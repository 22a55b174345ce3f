#!/usr/bin/env bash
# A calculator with a menu; arithmetic with (( )), no eval and no bc.
set -u

add()      { echo $(( $1 + $2 )); }
subtract() { echo $(( $1 - $2 )); }
multiply() { echo $(( $1 * $2 )); }
divide()   {
    if (( $2 == 0 )); then
        echo "division by zero" >&2
        return 1
    fi
    local whole=$(( $1 / $2 )) rest=$(( ($1 % $2) * 100 / $2 ))
    printf '%d.%02d\n' "$whole" "${rest#-}"
}

declare -A operators=([+]=add [-]=subtract [x]=multiply [/]=divide)

menu() {
    echo "Operators: ${!operators[*]}"
    echo "Enter: number operator number, or exit"
}

menu
while read -r -p "> " a op b; do
    case $a in
        exit|quit) echo "Bye"; exit 0 ;;
        help|"") menu; continue ;;
    esac
    if [[ ! $a =~ ^-?[0-9]+$ || ! $b =~ ^-?[0-9]+$ ]]; then
        echo "numbers, please"
        continue
    fi
    if [[ -z ${operators[$op]:-} ]]; then
        echo "unknown operator '$op'"
        continue
    fi
    "${operators[$op]}" "$a" "$b"
done
echo
