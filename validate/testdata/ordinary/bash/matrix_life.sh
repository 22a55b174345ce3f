#!/bin/bash
# Game of life in an associative array.

rows=8 cols=16
declare -A cell next

seed() {
    local y=0 x line
    while read -r line; do
        for (( x = 0; x < ${#line}; x++ )); do
            [[ ${line:x:1} == '#' ]] && cell[$y,$x]=1
        done
        (( y++ ))
    done
}

count() {
    local y=$1 x=$2 dy dx n=0
    for dy in -1 0 1; do
        for dx in -1 0 1; do
            (( dy || dx )) || continue
            (( n += ${cell[$(( (y + dy + rows) % rows )),$(( (x + dx + cols) % cols ))]:-0} ))
        done
    done
    neighbours=$n
}

step() {
    next=()
    local y x
    for (( y = 0; y < rows; y++ )); do
        for (( x = 0; x < cols; x++ )); do
            count $y $x
            if (( neighbours == 3 || (neighbours == 2 && ${cell[$y,$x]:-0}) )); then
                next[$y,$x]=1
            fi
        done
    done
    cell=()
    local k
    for k in "${!next[@]}"; do cell[$k]=1; done
}

draw() {
    local y x row
    for (( y = 0; y < rows; y++ )); do
        row=
        for (( x = 0; x < cols; x++ )); do
            if [[ ${cell[$y,$x]:-} ]]; then row+='#'; else row+='.'; fi
        done
        echo "$row"
    done
    echo
}

seed <<EOF
.#.
..#
###
EOF
for generation in 1 2 3; do
    echo "generation $generation"
    draw
    step
done
