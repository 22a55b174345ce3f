#!/usr/bin/env bash
# Advent of Code 2023, day 1

declare -A digits=([one]=1 [two]=2 [three]=3 [four]=4 [five]=5 [six]=6 [seven]=7 [eight]=8 [nine]=9)

part1=0 part2=0
while IFS= read -r line; do
  plain=${line//[!0-9]/}
  [[ -n $plain ]] && (( part1 += 10#${plain:0:1}${plain: -1} ))

  first= last=
  for (( i = 0; i < ${#line}; i++ )); do
    rest=${line:i}
    d=
    if [[ $rest =~ ^[0-9] ]]; then
      d=${rest:0:1}
    else
      for w in "${!digits[@]}"; do
        [[ $rest == "$w"* ]] && d=${digits[$w]}
      done
    fi
    if [[ -n $d ]]; then
      first=${first:-$d}
      last=$d
    fi
  done
  (( part2 += first * 10 + last ))
done < "${1:-/dev/stdin}"

printf 'part 1: %d\npart 2: %d\n' "$part1" "$part2"
