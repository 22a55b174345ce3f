from functools import reduce
from itertools import count, islice, takewhile
from math import gcd, isqrt


def sieve(limit):
    flags = bytearray([1]) * (limit + 1)
    flags[0:2] = b"\x00\x00"
    for p in range(2, isqrt(limit) + 1):
        if flags[p]:
            flags[p * p :: p] = bytes(len(range(p * p, limit + 1, p)))
    return [i for i, f in enumerate(flags) if f]


def extended_gcd(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = extended_gcd(b, a % b)
    return g, y, x - (a // b) * y


def crt(remainders, moduli):
    product = reduce(lambda a, b: a * b, moduli)
    total = 0
    for r, m in zip(remainders, moduli):
        p = product // m
        total += r * p * pow(p, -1, m)
    return total % product


def is_probable_prime(n, bases=(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
    if n < 2 or any(n % p == 0 and n != p for p in bases):
        return False
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    for a in bases:
        x = pow(a, d, n)
        if a % n == 0 or x in (1, n - 1):
            continue
        if not any((x := x * x % n) == n - 1 for _ in range(s - 1)):
            return False
    return True


print(sieve(60))
print(extended_gcd(240, 46), gcd(240, 46))
print(crt([2, 3, 2], [3, 5, 7]))
print(list(islice((n for n in count(10**12) if is_probable_prime(n)), 3)))
print(list(takewhile(lambda n: n < 30, (n * n for n in count()))))
