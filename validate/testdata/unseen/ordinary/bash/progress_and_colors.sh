#!/bin/bash

RED='\033[0;31m'
GREEN='\033[0;32m'
NC='\033[0m'

bar() {
    local width=40 done=$(( $1 * 40 / 100 ))
    printf '\r['
    printf '%*s' "$done" '' | tr ' ' '#'
    printf '%*s' $((width - done)) '' | tr ' ' '-'
    printf '] %3d%%' "$1"
}

for i in $(seq 0 5 100); do
    bar "$i"
    sleep 0.05
done
echo

spin='|/-\'
(sleep 1) &
pid=$!
while kill -0 $pid 2>/dev/null; do
    for c in 0 1 2 3; do
        printf '\r%s working' "${spin:c:1}"
        sleep 0.1
    done
done
wait $pid && echo -e "\r${GREEN}finished${NC}   " || echo -e "\r${RED}failed${NC}   "
