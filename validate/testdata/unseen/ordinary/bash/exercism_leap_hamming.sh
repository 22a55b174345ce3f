#!/usr/bin/env bash

hamming() {
  if (( $# != 2 )); then
    echo "Usage: hamming.sh <string1> <string2>"
    return 1
  fi
  if (( ${#1} != ${#2} )); then
    echo "strands must be of equal length"
    return 1
  fi
  local -i d=0 i
  for (( i = 0; i < ${#1}; i++ )); do
    [[ ${1:i:1} != "${2:i:1}" ]] && d+=1
  done
  echo "$d"
}

leap() {
  (( $1 % 400 == 0 || ($1 % 4 == 0 && $1 % 100 != 0) )) && echo true || echo false
}

raindrops() {
  local out=
  (( $1 % 3 )) || out+=Pling
  (( $1 % 5 )) || out+=Plang
  (( $1 % 7 )) || out+=Plong
  echo "${out:-$1}"
}

main() {
  hamming GAGCCTACTAACGGGAT CATCGTAATGACGGCCT
  leap 2000
  raindrops 105
}

main "$@"
