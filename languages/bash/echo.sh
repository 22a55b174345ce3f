for arg in "$@"; do
  printf 'arg: %s\n' "$arg"
done
while IFS= read -r line || [[ -n $line ]]; do
  printf 'stdin: %s\n' "$line"
done
exit 3
