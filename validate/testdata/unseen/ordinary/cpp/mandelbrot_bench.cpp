#include <chrono>
#include <complex>
#include <cstdio>
#include <fstream>
#include <random>

static int iterations(std::complex<double> c, int limit) {
    std::complex<double> z = 0;
    int i = 0;
    while (std::norm(z) <= 4.0 && i < limit) {
        z = z * z + c;
        ++i;
    }
    return i;
}

int main() {
    constexpr int width = 78, height = 24, limit = 256;
    auto start = std::chrono::steady_clock::now();
    std::ofstream pgm("mandel.pgm", std::ios::binary);
    pgm << "P5\n" << width << ' ' << height << "\n255\n";
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            int n = iterations({-2.2 + 3.2 * x / width, -1.2 + 2.4 * y / height}, limit);
            pgm.put(static_cast<char>(n));
            std::putchar(" .:-=+*#%@"[n * 9 / limit]);
        }
        std::putchar('\n');
    }
    std::mt19937 gen(std::random_device{}());
    std::uniform_real_distribution<> u(-1, 1);
    long in = 0, total = 1000000;
    for (long i = 0; i < total; ++i) {
        double a = u(gen), b = u(gen);
        in += a * a + b * b <= 1;
    }
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("pi ~ %.4f, %.2f s\n", 4.0 * in / total, took.count());
}
