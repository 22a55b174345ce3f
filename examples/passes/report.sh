#!/usr/bin/env bash
# Sums the second column of its input by the first. Its own temporary directory is removed, and nothing else.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

cat >"$work/input"
while read -r name; do
	sum=0
	while read -r other amount; do
		[[ $other != "$name" ]] || sum=$((sum + amount))
	done <"$work/input"
	printf '%s %d\n' "$name" "$sum"
done < <(cut -d ' ' -f 1 "$work/input" | sort -u)
