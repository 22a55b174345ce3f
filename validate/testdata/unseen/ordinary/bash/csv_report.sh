#!/bin/bash
# prints the total of every category of a csv file

file=${1:?usage: csv_report.sh file.csv}
declare -A total
n=0

{
    read -r header
    echo "columns: ${header//,/ | }"
    while IFS=, read -r date category amount; do
        [[ -z $date ]] && continue
        total[$category]=$(awk -v a="${total[$category]:-0}" -v b="$amount" 'BEGIN { printf "%.2f", a + b }')
        ((n++))
    done
} < "$file"

echo "$n rows"
for c in "${!total[@]}"; do
    printf '%-20s %10s\n' "$c" "${total[$c]}"
done | sort -k2 -rn
