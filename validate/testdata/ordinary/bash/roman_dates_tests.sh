#!/usr/bin/env bash
# Exercises with their tests, in the style of bats but without it.

roman() {
    local n=$1 out= i
    local values=(1000 900 500 400 100 90 50 40 10 9 5 4 1)
    local signs=(M CM D CD C XC L XL X IX V IV I)
    for i in "${!values[@]}"; do
        while (( n >= values[i] )); do
            out+=${signs[i]}
            (( n -= values[i] ))
        done
    done
    echo "$out"
}

is_leap() {
    (( $1 % 400 == 0 || ($1 % 4 == 0 && $1 % 100 != 0) )) && echo true || echo false
}

acronym() {
    local word out=
    local IFS=' -'
    set -f
    for word in $1; do out+=${word:0:1}; done
    set +f
    echo "${out^^}"
}

hamming() {
    (( ${#1} == ${#2} )) || { echo "strands must be of equal length"; return 1; }
    local i d=0
    for (( i = 0; i < ${#1}; i++ )); do
        [[ ${1:i:1} != "${2:i:1}" ]] && (( d++ ))
    done
    echo "$d"
}

passed=0 failed=0
check() {
    local want=$1
    shift
    local got
    got=$("$@" 2>&1)
    if [[ $got == "$want" ]]; then
        (( ++passed ))
    else
        (( ++failed ))
        echo "FAIL: $*: got '$got', want '$want'"
    fi
}

check MCMXCIV roman 1994
check true is_leap 2000
check false is_leap 1900
check ROR acronym "Ruby on Rails"
check 7 hamming GAGCCTACTAACGGGAT CATCGTAATGACGGCCT
check "strands must be of equal length" hamming A AB
echo "$passed passed, $failed failed"
exit $(( failed > 0 ))
