#!/bin/bash

fizzbuzz() {
    local i out
    for (( i = 1; i <= $1; i++ )); do
        out=
        (( i % 3 == 0 )) && out+=Fizz
        (( i % 5 == 0 )) && out+=Buzz
        echo -n "${out:-$i} "
    done
    echo
}

sieve() {
    local limit=$1 n k
    local -a composite
    for (( n = 2; n <= limit; n++ )); do
        [[ ${composite[n]} ]] && continue
        echo -n "$n "
        for (( k = n * n; k <= limit; k += n )); do
            composite[k]=1
        done
    done
    echo
}

factorial() {
    if (( $1 <= 1 )); then
        echo 1
    else
        echo $(( $1 * $(factorial $(( $1 - 1 ))) ))
    fi
}

gcd() {
    local a=$1 b=$2
    while (( b )); do
        (( a %= b, a ^= b, b ^= a, a ^= b ))
    done
    echo "$a"
}

fizzbuzz 20
sieve 60
echo "10! = $(factorial 10)"
echo "gcd(1071, 462) = $(gcd 1071 462)"
