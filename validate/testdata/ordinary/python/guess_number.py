"""Guess the number: a first game for chapter 3 (loops and input)."""
import random
import sys


def read_guess(prompt):
    while True:
        try:
            text = input(prompt)
        except EOFError:
            print("\nNo more input, bye!")
            sys.exit(0)
        if text.strip().lower() in ("q", "quit", "exit"):
            raise SystemExit("Thanks for playing.")
        try:
            return int(text)
        except ValueError:
            print("Please type a whole number.")


def play(secret, limit=7):
    for attempt in range(1, limit + 1):
        guess = read_guess(f"[{attempt}/{limit}] Your guess: ")
        if guess == secret:
            print("Correct! You needed", attempt, "tries.")
            return True
        print("Too low" if guess < secret else "Too high")
    print("Out of tries, it was", secret)
    return False


if __name__ == "__main__":
    wins = rounds = 0
    while True:
        rounds += 1
        wins += play(random.randint(1, 100))
        print(f"{wins} of {rounds} won")
