#include <cassert>
#include <compare>
#include <iostream>
#include <numeric>
#include <sstream>
#include <stdexcept>

class Fraction {
    long n_, d_;

public:
    Fraction(long n = 0, long d = 1) : n_(n), d_(d) {
        if (d == 0) throw std::domain_error("denominator is zero");
        long g = std::gcd(n, d) * (d < 0 ? -1 : 1);
        n_ /= g;
        d_ /= g;
    }

    friend Fraction operator+(Fraction a, Fraction b) { return {a.n_ * b.d_ + b.n_ * a.d_, a.d_ * b.d_}; }
    friend Fraction operator-(Fraction a, Fraction b) { return a + Fraction(-b.n_, b.d_); }
    friend Fraction operator*(Fraction a, Fraction b) { return {a.n_ * b.n_, a.d_ * b.d_}; }
    friend Fraction operator/(Fraction a, Fraction b) { return {a.n_ * b.d_, a.d_ * b.n_}; }
    Fraction& operator+=(Fraction o) { return *this = *this + o; }
    Fraction& operator++() { return *this += 1; }
    explicit operator double() const { return double(n_) / d_; }
    bool operator==(const Fraction&) const = default;
    std::strong_ordering operator<=>(const Fraction& o) const { return n_ * o.d_ <=> o.n_ * d_; }

    friend std::ostream& operator<<(std::ostream& os, Fraction f) {
        os << f.n_;
        return f.d_ == 1 ? os : os << '/' << f.d_;
    }
    friend std::istream& operator>>(std::istream& is, Fraction& f) {
        long n, d = 1;
        char slash;
        if (is >> n && is.peek() == '/') is >> slash >> d;
        f = Fraction(n, d);
        return is;
    }
};

int main() {
    Fraction half(1, 2), third(2, -6);
    std::cout << half + third << ' ' << half - third << ' ' << half * third << ' ' << half / third << '\n';
    assert(half > third && half == Fraction(4, 8));
    Fraction sum;
    for (int i = 1; i <= 10; ++i) sum += Fraction(1, i);
    std::cout << "H(10) = " << sum << " = " << double(sum) << '\n';
    std::istringstream in("3/4 5 1/0");
    try {
        for (Fraction f; in >> f;) std::cout << ++f << '\n';
    } catch (const std::domain_error& e) {
        std::cout << "error: " << e.what() << '\n';
    }
}
