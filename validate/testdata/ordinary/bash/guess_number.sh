#!/bin/bash
# Guess the number. Ends on "q" or end of input.

secret=$(( RANDOM % 100 + 1 ))
tries=0

while true; do
    printf 'Your guess (1-100, q quits): '
    if ! read -r guess; then
        echo
        break
    fi
    if [[ $guess == q* ]]; then
        echo "It was $secret."
        exit 0
    fi
    if ! [[ $guess =~ ^[0-9]+$ ]]; then
        echo "Not a number: $guess" >&2
        continue
    fi
    (( tries++ ))
    if (( guess < secret )); then
        echo "Too low"
    elif (( guess > secret )); then
        echo "Too high"
    else
        echo "Correct after $tries tries!"
        break
    fi
done
