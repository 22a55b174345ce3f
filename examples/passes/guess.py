"""A guessing game. Whoever wants to start over may not use os.system("python guess.py"): the loop does it."""
import sys


def ask(low, high):
    while True:
        line = sys.stdin.readline()
        if not line:
            sys.exit("no more guesses")
        try:
            guess = int(line)
        except ValueError:
            print("a number, please")  # int(), and not eval(): what is typed is data
            continue
        if low <= guess <= high:
            return guess
        print(f"from {low} to {high}")


def play(secret, low=1, high=100):
    tries = 1
    while (guess := ask(low, high)) != secret:
        print("higher" if guess < secret else "lower")
        tries += 1
    return tries


if __name__ == "__main__":
    print("tries:", play(42))
