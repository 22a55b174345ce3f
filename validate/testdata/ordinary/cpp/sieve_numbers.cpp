#include <cstdint>
#include <iostream>
#include <numeric>
#include <tuple>
#include <vector>

std::vector<int> sieve(int n) {
    std::vector<bool> composite(n + 1);
    std::vector<int> primes;
    for (int i = 2; i <= n; ++i) {
        if (!composite[i]) primes.push_back(i);
        for (int p : primes) {
            if (1LL * i * p > n) break;
            composite[i * p] = true;
            if (i % p == 0) break;
        }
    }
    return primes;
}

std::uint64_t power(std::uint64_t b, std::uint64_t e, std::uint64_t m) {
    std::uint64_t r = 1;
    for (b %= m; e; e >>= 1, b = static_cast<unsigned __int128>(b) * b % m)
        if (e & 1) r = static_cast<unsigned __int128>(r) * b % m;
    return r;
}

std::tuple<long long, long long, long long> egcd(long long a, long long b) {
    if (b == 0) return {a, 1, 0};
    auto [g, x, y] = egcd(b, a % b);
    return {g, y, x - a / b * y};
}

bool millerRabin(std::uint64_t n) {
    if (n < 2 || n % 2 == 0) return n == 2;
    std::uint64_t d = n - 1;
    int s = __builtin_ctzll(d);
    d >>= s;
    for (std::uint64_t a : {2, 325, 9375, 28178, 450775, 9780504, 1795265022}) {
        std::uint64_t x = power(a, d, n);
        if (x == 0 || x == 1 || x == n - 1) continue;
        bool composite = true;
        for (int i = 1; i < s && composite; ++i)
            if ((x = power(x, 2, n)) == n - 1) composite = false;
        if (composite) return false;
    }
    return true;
}

int main() {
    auto primes = sieve(100);
    std::cout << primes.size() << " primes, sum " << std::accumulate(primes.begin(), primes.end(), 0) << '\n';
    auto [g, x, y] = egcd(240, 46);
    std::cout << g << ' ' << x << ' ' << y << ' ' << std::gcd(240, 46) << '\n';
    std::cout << power(2, 1000000, 1000000007) << ' ' << millerRabin(1000000007) << ' ' << millerRabin(561) << '\n';
}
