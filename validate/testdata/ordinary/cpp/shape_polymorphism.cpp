#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <typeinfo>
#include <vector>

class Shape {
public:
    virtual ~Shape() { std::cout << "~Shape "; }
    virtual double area() const = 0;
    virtual std::string name() const { return "shape"; }
    friend std::ostream& operator<<(std::ostream& os, const Shape& s) {
        return os << s.name() << '(' << s.area() << ')';
    }
};

class Circle final : public Shape {
    double r_;
public:
    explicit Circle(double r) : r_(r) {}
    double area() const override { return 3.14159265358979 * r_ * r_; }
    std::string name() const override { return "circle"; }
};

class Rectangle : public Shape {
protected:
    double w_, h_;
public:
    Rectangle(double w, double h) : w_(w), h_(h) {}
    double area() const override { return w_ * h_; }
    std::string name() const override { return "rectangle"; }
};

class Square : public Rectangle {
public:
    explicit Square(double a) : Rectangle(a, a) {}
    std::string name() const override { return "square"; }
};

int main() {
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Circle>(1.5));
    shapes.push_back(std::make_unique<Rectangle>(2, 5));
    shapes.emplace_back(new Square(2.5));
    std::sort(shapes.begin(), shapes.end(), [](const auto& a, const auto& b) { return a->area() < b->area(); });
    for (const auto& s : shapes) {
        std::cout << *s;
        if (auto* r = dynamic_cast<const Rectangle*>(s.get())) std::cout << " is a rectangle, also a square: " << (typeid(*r) == typeid(Square));
        std::cout << '\n';
    }
    shapes.clear();
    std::cout << std::endl;
    return 0;
}
