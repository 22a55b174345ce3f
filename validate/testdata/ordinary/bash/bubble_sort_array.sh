#!/bin/bash

bubble_sort() {
    local -n list=$1
    local i j tmp n=${#list[@]}
    for (( i = 0; i < n; i++ )); do
        for (( j = 0; j < n - i - 1; j++ )); do
            if (( list[j] > list[j+1] )); then
                tmp=${list[j]}
                list[j]=${list[j+1]}
                list[j+1]=$tmp
            fi
        done
    done
}

binary_search() {
    local -n sorted=$1
    local want=$2 low=0 high=$(( ${#sorted[@]} - 1 )) mid
    while (( low <= high )); do
        mid=$(( (low + high) / 2 ))
        if (( sorted[mid] == want )); then
            echo "$mid"
            return 0
        elif (( sorted[mid] < want )); then
            low=$(( mid + 1 ))
        else
            high=$(( mid - 1 ))
        fi
    done
    return 1
}

numbers=(42 7 19 3 88 61 25 14)
echo "before: ${numbers[*]}"
bubble_sort numbers
echo "after:  ${numbers[*]}"
if at=$(binary_search numbers 25); then
    echo "25 is at $at"
fi
binary_search numbers 26 || echo "26 is missing"
echo "smallest ${numbers[0]}, biggest ${numbers[-1]}, middle ${numbers[@]:3:2}"
