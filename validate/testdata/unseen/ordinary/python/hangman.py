import random
import string
import sys

WORDS = ["python", "keyboard", "function", "variable", "sandbox", "terminal"]
STAGES = ["", "O", "O-", "O-<", "O-<-", "O-<-/", "DEAD"]


def show(word, guessed):
    print(" ".join(c if c in guessed else "_" for c in word))


def play():
    word = random.choice(WORDS)
    guessed = set()
    wrong = 0
    while wrong < len(STAGES) - 1:
        show(word, guessed)
        letter = input("Guess a letter (or 'quit'): ").strip().lower()
        if letter == "quit":
            sys.exit(0)
        if len(letter) != 1 or letter not in string.ascii_lowercase:
            print("Please enter exactly one letter.")
            continue
        if letter in guessed:
            print("You already tried that.")
            continue
        guessed.add(letter)
        if letter not in word:
            wrong += 1
            print("Wrong!", STAGES[wrong])
        elif all(c in guessed for c in word):
            print("You win! The word was", word)
            return True
    print("You lose, you've been hanged. The word was", word)
    return False


while True:
    play()
    if input("Again? (y/n) ") != "y":
        break
