#!/bin/bash
questions=("Capital of France?" "7 * 8?" "Which shell is this?")
answers=("paris" "56" "bash")
score=0

echo "Welcome to the quiz, ${USER:-friend}!"
for i in "${!questions[@]}"; do
  read -r -p "$((i + 1)). ${questions[$i]} " reply
  if [ "${reply,,}" = "${answers[$i]}" ]; then
    echo "Right!"
    score=$((score + 1))
  else
    echo "Wrong. It is ${answers[$i]}."
  fi
done

percent=$((score * 100 / ${#questions[@]}))
echo "$score of ${#questions[@]} ($percent%)"
if [ $percent -ge 50 ]; then
  echo "passed"
else
  echo "failed"
fi
echo "$(date +%F) $score" >> scores.txt
sort -k2 -n scores.txt | tail -3
