#!/bin/bash
TODO_FILE="${TODO_FILE:-$HOME/.todo.txt}"
touch "$TODO_FILE"

case "$1" in
  add)
    shift
    echo "$*" >> "$TODO_FILE"
    echo "Added: $*"
    ;;
  list|"")
    nl -ba "$TODO_FILE"
    ;;
  done)
    sed -i "${2}d" "$TODO_FILE"
    ;;
  clear)
    read -r -p "Really delete all? [y/N] " yn
    [[ $yn == [yY] ]] && : > "$TODO_FILE"
    ;;
  *)
    echo "Usage: $0 {add TEXT|list|done N|clear}"
    exit 1
    ;;
esac
