#include <array>
#include <cstddef>
#include <iomanip>
#include <iostream>
#include <stdexcept>

template <typename T, std::size_t R, std::size_t C>
class Matrix {
    std::array<T, R * C> data{};

public:
    T& operator()(std::size_t r, std::size_t c) {
        if (r >= R || c >= C) throw std::out_of_range("Matrix");
        return data[r * C + c];
    }
    const T& operator()(std::size_t r, std::size_t c) const { return data[r * C + c]; }

    template <std::size_t K>
    Matrix<T, R, K> operator*(const Matrix<T, C, K>& o) const {
        Matrix<T, R, K> out;
        for (std::size_t i = 0; i < R; ++i)
            for (std::size_t j = 0; j < K; ++j)
                for (std::size_t k = 0; k < C; ++k) out(i, j) += (*this)(i, k) * o(k, j);
        return out;
    }

    friend std::ostream& operator<<(std::ostream& os, const Matrix& m) {
        for (std::size_t i = 0; i < R; ++i) {
            for (std::size_t j = 0; j < C; ++j) os << std::setw(6) << m(i, j);
            os << '\n';
        }
        return os;
    }
};

int main() {
    Matrix<int, 2, 3> a;
    Matrix<int, 3, 2> b;
    for (int i = 0; i < 6; ++i) {
        a(i / 3, i % 3) = i;
        b(i / 2, i % 2) = 6 - i;
    }
    std::cout << a * b;
    try {
        a(5, 5) = 1;
    } catch (const std::exception& e) {
        std::cerr << "error: " << e.what() << std::endl;
    }
}
