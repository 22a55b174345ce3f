import time
from math import isqrt


def sieve(n):
    is_prime = bytearray([1]) * (n + 1)
    is_prime[0:2] = b"\x00\x00"
    for i in range(2, isqrt(n) + 1):
        if is_prime[i]:
            is_prime[i * i :: i] = bytes(len(range(i * i, n + 1, i)))
    return [i for i, p in enumerate(is_prime) if p]


def factorize(n, primes):
    out = []
    for p in primes:
        if p * p > n:
            break
        while n % p == 0:
            out.append(p)
            n //= p
    if n > 1:
        out.append(n)
    return out


t = time.perf_counter()
ps = sieve(1_000_000)
print(len(ps), "primes in", round(time.perf_counter() - t, 3), "s")
for n in (360, 9973, 600851475143):
    print(n, "=", " x ".join(map(str, factorize(n, ps))))
