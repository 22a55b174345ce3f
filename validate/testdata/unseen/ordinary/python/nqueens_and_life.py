from itertools import permutations, product

def queens(n):
    for p in permutations(range(n)):
        if len({p[i] + i for i in range(n)}) == len({p[i] - i for i in range(n)}) == n:
            yield p

def board(p):
    return "\n".join("." * c + "Q" + "." * (len(p) - c - 1) for c in p)

def life(cells):
    counts = {}
    for x, y in cells:
        for dx, dy in product((-1, 0, 1), repeat=2):
            if dx or dy:
                k = (x + dx, y + dy)
                counts[k] = counts.get(k, 0) + 1
    return {k for k, n in counts.items() if n == 3 or (n == 2 and k in cells)}

print(board(next(queens(8))))
print(sum(1 for _ in queens(6)), "solutions for 6")

glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for generation in range(4):
    print("generation", generation)
    for y in range(6):
        print("".join("#" if (x, y) in glider else " " for x in range(6)))
    glider = life(glider)
