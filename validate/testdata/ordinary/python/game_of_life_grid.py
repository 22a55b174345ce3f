"""Conway's Game of Life on an endless board (a set of cells)."""
import os
import sys
import time
from collections import Counter

GLIDER = """
.O.
..O
OOO
"""


def parse(text):
    return {(x, y) for y, line in enumerate(text.strip().splitlines())
            for x, ch in enumerate(line) if ch == "O"}


def step(cells):
    near = Counter((x + dx, y + dy) for x, y in cells
                   for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
    return {cell for cell, n in near.items() if n == 3 or (n == 2 and cell in cells)}


def render(cells, width=12, height=6):
    return "\n".join("".join("#" if (x, y) in cells else "." for x in range(width)) for y in range(height))


def clear():
    # os.system('cls' if os.name == 'nt' else 'clear') works too, an escape sequence is enough
    if sys.stdout.isatty() and os.name == "posix":
        print("\033[2J\033[H", end="")


def main(generations=int(os.environ.get("GENERATIONS", "8"))):
    cells = parse(GLIDER)
    for generation in range(generations):
        clear()
        print("generation", generation)
        print(render(cells))
        cells = step(cells)
        time.sleep(0.01)
    assert len(cells) == 5


if __name__ == "__main__":
    main()
