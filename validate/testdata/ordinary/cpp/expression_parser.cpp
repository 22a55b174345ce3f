#include <cctype>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

struct Node {
    virtual ~Node() = default;
    virtual double eval() const = 0;
};
using NodePtr = std::unique_ptr<Node>;

struct Number : Node {
    double value;
    explicit Number(double v) : value(v) {}
    double eval() const override { return value; }
};

struct Binary : Node {
    std::function<double(double, double)> op;
    NodePtr left, right;
    Binary(std::function<double(double, double)> f, NodePtr l, NodePtr r)
        : op(std::move(f)), left(std::move(l)), right(std::move(r)) {}
    double eval() const override { return op(left->eval(), right->eval()); }
};

class Parser {
    std::string text;
    size_t pos = 0;
    static const std::map<char, std::pair<int, std::function<double(double, double)>>> ops;

    void skip() { while (pos < text.size() && std::isspace(static_cast<unsigned char>(text[pos]))) ++pos; }

    NodePtr primary() {
        skip();
        if (pos < text.size() && text[pos] == '(') {
            ++pos;
            auto node = parse(0);
            skip();
            if (pos >= text.size() || text[pos++] != ')') throw std::runtime_error("expected )");
            return node;
        }
        size_t used = 0;
        double v = std::stod(text.substr(pos), &used);
        pos += used;
        return std::make_unique<Number>(v);
    }

public:
    explicit Parser(std::string s) : text(std::move(s)) {}
    NodePtr parse(int min) {
        auto left = primary();
        for (skip(); pos < text.size(); skip()) {
            auto it = ops.find(text[pos]);
            if (it == ops.end() || it->second.first < min) break;
            ++pos;
            left = std::make_unique<Binary>(it->second.second, std::move(left), parse(it->second.first + 1));
        }
        return left;
    }
};
const std::map<char, std::pair<int, std::function<double(double, double)>>> Parser::ops = {
    {'+', {1, std::plus<>()}}, {'-', {1, std::minus<>()}}, {'*', {2, std::multiplies<>()}}, {'/', {2, std::divides<>()}}};

int main() {
    for (const char* s : {"1 + 2 * 3", "(1 + 2) * 3", "10 / 4 - 1"}) std::cout << s << " = " << Parser(s).parse(0)->eval() << '\n';
}
