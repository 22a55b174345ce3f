def minor(m, i, j):
    return [row[:j] + row[j + 1:] for row in (m[:i] + m[i + 1:])]

def det(m):
    if len(m) == 1:
        return m[0][0]
    if len(m) == 2:
        return m[0][0] * m[1][1] - m[0][1] * m[1][0]
    return sum((-1) ** c * m[0][c] * det(minor(m, 0, c)) for c in range(len(m)))

def transpose(m):
    return list(map(list, zip(*m)))

def inverse(m):
    d = det(m)
    if d == 0:
        raise ValueError("matrix is singular")
    cof = [[(-1) ** (r + c) * det(minor(m, r, c)) for c in range(len(m))] for r in range(len(m))]
    return [[x / d for x in row] for row in transpose(cof)]

if __name__ == '__main__':
    n = int(input("size: "))
    A = [[float(x) for x in input().split()] for _ in range(n)]
    print("det =", det(A))
    try:
        for row in inverse(A):
            print(" ".join("%8.3f" % x for x in row))
    except ValueError as e:
        print("error:", e)
