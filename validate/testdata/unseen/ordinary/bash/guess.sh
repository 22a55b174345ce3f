#!/bin/bash
# Guess the number

number=$((RANDOM % 100 + 1))
tries=0

echo "Guess a number between 1 and 100"
while true; do
  read -p "> " guess || exit 1
  if ! [[ $guess =~ ^[0-9]+$ ]]; then
    echo "Please enter a number."
    continue
  fi
  ((tries++))
  if ((guess < number)); then
    echo "Too low"
  elif ((guess > number)); then
    echo "Too high"
  else
    echo "Correct after $tries tries!"
    break
  fi
done
