#!/usr/bin/env bash
# Renames IMG_1234.JPG to 2024-03-01_1234.jpg by date of change.
shopt -s nullglob nocaseglob

dry=0
[ "$1" = "-n" ] && { dry=1; shift; }

count=0
for f in "${1:-.}"/img_*.jpg; do
    base=${f##*/}
    num=${base#*_}
    num=${num%.*}
    day=$(date -r "$f" +%F)
    new="${f%/*}/${day}_${num}.jpg"
    if [ -e "$new" ]; then
        printf 'skipping %s: %s exists\n' "$base" "$new" >&2
        continue
    fi
    if [ "$dry" -eq 1 ]; then
        printf '%s -> %s\n' "$base" "${new##*/}"
    else
        mv -- "$f" "$new"
    fi
    count=$((count + 1))
done
echo "$count files"
