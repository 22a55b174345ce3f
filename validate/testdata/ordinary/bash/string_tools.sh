#!/bin/bash
# Parameter expansion instead of sed, cut and friends.

path=/home/user/documents/report.final.tar.gz
echo "directory: ${path%/*}"
echo "file:      ${path##*/}"
echo "extension: ${path##*.}"
echo "stem:      $(basename "${path%%.*}")"
echo "replaced:  ${path//o/0}"
echo "length:    ${#path}"

text="the quick brown fox"
echo "${text^} / ${text^^} / ${text%fox}dog"

is_palindrome() {
    local s=${1,,} r= i
    s=${s//[^a-z]/}
    for (( i = ${#s}; i > 0; i-- )); do r+=${s:i-1:1}; done
    [[ $s == "$r" ]]
}

caesar() {
    local text=$1 shift=$2 out= i c code
    for (( i = 0; i < ${#text}; i++ )); do
        c=${text:i:1}
        if [[ $c == [a-z] ]]; then
            printf -v code '%d' "'$c"
            printf -v c "\\x$(printf '%x' $(( (code - 97 + shift + 26) % 26 + 97 )))"
        fi
        out+=$c
    done
    echo "$out"
}

for phrase in "A man, a plan, a canal: Panama" "rm -rf /" "level"; do
    if is_palindrome "$phrase"; then echo "palindrome: $phrase"; else echo "no: $phrase"; fi
done
secret=$(caesar "hello world" 3)
echo "$secret -> $(caesar "$secret" -3)"
echo "${undefined:-default value}" "${#undefined}"
[[ 2024-02-29 =~ ^([0-9]{4})-([0-9]{2})-([0-9]{2})$ ]] && echo "${BASH_REMATCH[3]}.${BASH_REMATCH[2]}.${BASH_REMATCH[1]}"
