#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>
#include <vector>

class Shape {
public:
    virtual ~Shape() = default;
    virtual double area() const = 0;
    virtual std::string name() const { return "shape"; }
};

class Circle : public Shape {
    double r;
public:
    explicit Circle(double r) : r(r) {}
    double area() const override { return M_PI * r * r; }
    std::string name() const override { return "circle"; }
};

class Rectangle : public Shape {
protected:
    double w, h;
public:
    Rectangle(double w, double h) : w(w), h(h) {}
    double area() const override { return w * h; }
    std::string name() const override { return "rectangle"; }
};

int main() {
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Circle>(1.5));
    shapes.push_back(std::make_unique<Rectangle>(2, 4));
    for (const auto& s : shapes)
        std::cout << s->name() << ": " << s->area() << std::endl;
    double total = std::accumulate(shapes.begin(), shapes.end(), 0.0,
        [](double sum, const std::unique_ptr<Shape>& s) { return sum + s->area(); });
    std::cout << "total " << total << std::endl;
    return 0;
}
