#!/bin/bash
# Towers of Hanoi, with the pegs drawn after every move.

declare -a A B C
moves=0

draw() {
    local peg
    for peg in A B C; do
        local -n disks=$peg
        printf '%s:%-10s ' "$peg" "${disks[*]}"
    done
    echo
}

move() {
    local -n src=$1 dst=$2
    local top=${src[-1]}
    unset 'src[-1]'
    if (( ${#dst[@]} )) && (( dst[-1] < top )); then
        echo "illegal move $1 -> $2" >&2
        exit 1
    fi
    dst+=("$top")
    : $(( moves++ ))
}

hanoi() {
    local n=$1 from=$2 to=$3 via=$4
    (( n == 0 )) && return
    hanoi $(( n - 1 )) "$from" "$via" "$to"
    move "$from" "$to"
    draw
    hanoi $(( n - 1 )) "$via" "$to" "$from"
}

n=${1:-3}
for (( d = n; d > 0; d-- )); do A+=("$d"); done
draw
hanoi "$n" A C B
echo "$moves moves, expected $(( (1 << n) - 1 ))"
