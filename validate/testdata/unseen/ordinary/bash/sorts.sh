#!/bin/bash

bubble_sort() {
    local -n arr=$1
    local n=${#arr[@]} i j tmp
    for ((i = 0; i < n - 1; i++)); do
        for ((j = 0; j < n - i - 1; j++)); do
            if ((arr[j] > arr[j + 1])); then
                tmp=${arr[j]}
                arr[j]=${arr[j + 1]}
                arr[j + 1]=$tmp
            fi
        done
    done
}

factorial() {
    if [ "$1" -le 1 ]; then
        echo 1
    else
        local prev
        prev=$(factorial $(($1 - 1)))
        echo $(($1 * prev))
    fi
}

fibonacci() {
    local a=0 b=1 t
    for ((i = 0; i < $1; i++)); do
        echo -n "$a "
        t=$((a + b)); a=$b; b=$t
    done
    echo
}

nums=(5 3 9 1 7)
bubble_sort nums
echo "${nums[@]}"
factorial 10
fibonacci 15
