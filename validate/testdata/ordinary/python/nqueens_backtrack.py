# Rosetta Code: N-queens problem, backtracking with bit masks
import sys
import time

sys.setrecursionlimit(10**6)


def solve(n):
    full = (1 << n) - 1
    board = []

    def place(cols, left, right):
        if cols == full:
            yield list(board)
            return
        free = full & ~(cols | left | right)
        while free:
            bit = free & -free
            free ^= bit
            board.append(bit.bit_length() - 1)
            yield from place(cols | bit, (left | bit) << 1, (right | bit) >> 1)
            board.pop()

    return place(0, 0, 0)


def show(solution):
    n = len(solution)
    for col in solution:
        print(" ".join("Q" if c == col else "." for c in range(n)))
    print()


show(next(solve(8)))
for n in range(4, 9):
    start = time.perf_counter()
    total = sum(1 for _ in solve(n))
    print(f"{n=} {total=} {time.perf_counter() - start:.3f}s")
