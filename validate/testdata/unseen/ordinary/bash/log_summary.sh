#!/bin/sh
# prints the ten most frequent addresses of an access log

LOG=${1:-access.log}

if [ ! -r "$LOG" ]; then
    echo "cannot read $LOG" >&2
    exit 1
fi

echo "requests: $(wc -l < "$LOG")"
echo "top addresses:"
awk '{ print $1 }' "$LOG" | sort | uniq -c | sort -rn | head -n 10

echo "statuses:"
awk '{ n[$9]++ } END { for (s in n) printf "%s %d\n", s, n[s] }' "$LOG" | sort

echo "not found:"
grep '" 404 ' "$LOG" | cut -d'"' -f2 | sed 's/ HTTP.*//' | sort -u
