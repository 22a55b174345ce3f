#include <array>
#include <cstddef>
#include <initializer_list>
#include <iostream>

template <typename T, std::size_t R, std::size_t C>
class Matrix {
    std::array<T, R * C> data_{};

public:
    constexpr Matrix() = default;
    constexpr Matrix(std::initializer_list<T> list) {
        std::size_t i = 0;
        for (const T& x : list) data_[i++] = x;
    }

    constexpr T& operator()(std::size_t r, std::size_t c) { return data_[r * C + c]; }
    constexpr const T& operator()(std::size_t r, std::size_t c) const { return data_[r * C + c]; }

    template <std::size_t K>
    constexpr Matrix<T, R, K> operator*(const Matrix<T, C, K>& other) const {
        Matrix<T, R, K> out;
        for (std::size_t i = 0; i < R; ++i)
            for (std::size_t j = 0; j < K; ++j)
                for (std::size_t k = 0; k < C; ++k) out(i, j) += (*this)(i, k) * other(k, j);
        return out;
    }

    static constexpr Matrix identity() {
        static_assert(R == C, "identity needs a square matrix");
        Matrix m;
        for (std::size_t i = 0; i < R; ++i) m(i, i) = T{1};
        return m;
    }
};

template <typename T, std::size_t R, std::size_t C>
std::ostream& operator<<(std::ostream& os, const Matrix<T, R, C>& m) {
    for (std::size_t r = 0; r < R; ++r) {
        for (std::size_t c = 0; c < C; ++c) os << m(r, c) << (c + 1 < C ? '\t' : '\n');
    }
    return os;
}

constexpr unsigned long long fibonacci(unsigned n) {
    Matrix<unsigned long long, 2, 2> result = decltype(result)::identity(), base{1, 1, 1, 0};
    for (; n; n >>= 1, base = base * base)
        if (n & 1) result = result * base;
    return result(0, 1);
}

static_assert(fibonacci(10) == 55);

int main() {
    Matrix<int, 2, 3> a{1, 2, 3, 4, 5, 6};
    Matrix<int, 3, 2> b{7, 8, 9, 10, 11, 12};
    std::cout << a * b << fibonacci(90) << '\n';
}
