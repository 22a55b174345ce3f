#!/bin/bash

board=(1 2 3 4 5 6 7 8 9)
player=X

show() {
    local i
    for i in 0 3 6; do
        echo " ${board[i]} | ${board[i+1]} | ${board[i+2]}"
        (( i < 6 )) && echo "---+---+---"
    done
    return 0
}

winner() {
    local line a b c
    for line in "0 1 2" "3 4 5" "6 7 8" "0 3 6" "1 4 7" "2 5 8" "0 4 8" "2 4 6"; do
        read -r a b c <<<"$line"
        if [[ ${board[a]} == "${board[b]}" && ${board[b]} == "${board[c]}" ]]; then
            return 0
        fi
    done
    return 1
}

full() {
    [[ ! "${board[*]}" =~ [1-9] ]]
}

while :; do
    show
    read -r -p "Player $player, your field: " field || { echo; exit; }
    case $field in
        [1-9])
            if [[ ${board[field-1]} != "$field" ]]; then
                echo "taken"
                continue
            fi
            board[field-1]=$player
            ;;
        q) exit ;;
        *) echo "1 to 9, please"; continue ;;
    esac
    if winner; then
        show
        echo "$player wins"
        break
    elif full; then
        echo "draw"
        break
    fi
    [[ $player == X ]] && player=O || player=X
done
