#!/bin/bash
board=(1 2 3 4 5 6 7 8 9)
player=X

print_board() {
  clear
  for r in 0 3 6; do
    echo " ${board[r]} | ${board[r+1]} | ${board[r+2]} "
    [ $r -lt 6 ] && echo "---+---+---"
  done
}

check_match() {
  [ "${board[$1]}" = "${board[$2]}" ] && [ "${board[$2]}" = "${board[$3]}" ]
}

winner() {
  local line
  for line in "0 1 2" "3 4 5" "6 7 8" "0 3 6" "1 4 7" "2 5 8" "0 4 8" "2 4 6"; do
    check_match $line && return 0
  done
  return 1
}

for turn in {1..9}; do
  print_board
  while :; do
    echo -n "Player $player, choose a field: "
    read -r f || exit
    [[ $f == [1-9] && ${board[f-1]} == "$f" ]] && break
    echo "not free"
  done
  board[f-1]=$player
  if winner; then
    print_board
    echo "Player $player wins"
    exit 0
  fi
  [ $player = X ] && player=O || player=X
done
print_board
echo "Draw"
