#!/bin/bash
# Sums up sales per city: once in pure bash, once in awk.
set -eu

data() {
    cat <<'CSV'
date,city,amount
2024-01-03,Paris,120
2024-01-04,Rome,80
2024-01-09,Paris,35
2024-02-01,Oslo,210
2024-02-11,Rome,not a number
CSV
}

declare -A total
bad=0
{
    read -r header
    while IFS=, read -r day city amount; do
        if [[ $amount =~ ^[0-9]+$ ]]; then
            total[$city]=$(( ${total[$city]:-0} + amount ))
        else
            bad=$(( bad + 1 ))
        fi
    done
} < <(data)

echo "columns: ${header//,/ | }"
for city in "${!total[@]}"; do
    printf '%-8s %6d\n' "$city" "${total[$city]}"
done | sort -k2 -nr
echo "bad lines: $bad"

echo "--- the same with awk"
data | awk -F, '
    NR == 1 { next }
    $3 + 0 == $3 { sum[$2] += $3; n++ }
    END {
        for (c in sum) printf "%-8s %6d\n", c, sum[c] | "sort -k2 -nr"
        close("sort -k2 -nr")
        print n " good lines"
    }'
data | cut -d, -f1 | tail -n +2 | cut -c1-7 | sort | uniq -c
