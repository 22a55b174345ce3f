#!/bin/bash
# Reading and writing through our own file descriptors, lesson 7.
set -eu

tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT

exec 3>"$tmp"                 # open for writing
for name in Ada Grace Linus; do
    echo "$name ${#name}" >&3
done
exec 3>&-                     # close

exec 4<"$tmp"
total=0
while read -r -u 4 name length; do
    printf '%-8s has %d letters\n' "$name" "$length"
    (( total += length ))
done
exec 4<&-
echo "together: $total"

mapfile -t lines <"$tmp"
echo "first: ${lines[0]}, last: ${lines[-1]}, count: ${#lines[@]}"

{
    echo "to standard output"
    echo "to standard error" >&2
} 2>/dev/null

while IFS=' ' read -r name _; do
    reversed=
    for (( i = ${#name} - 1; i >= 0; i-- )); do
        reversed+=${name:i:1}
    done
    echo "$name <-> $reversed"
done <"$tmp"
