#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

// Lesson: who owns what. unique_ptr, shared_ptr, weak_ptr, the rule of five.
class Buffer {
    std::size_t size_ = 0;
    char* data_ = nullptr;

public:
    explicit Buffer(std::size_t n) : size_(n), data_(new char[n]()) { std::cout << "new " << n << '\n'; }
    Buffer(const Buffer& o) : size_(o.size_), data_(new char[o.size_]) { std::copy(o.data_, o.data_ + size_, data_); }
    Buffer(Buffer&& o) noexcept : size_(std::exchange(o.size_, 0)), data_(std::exchange(o.data_, nullptr)) {}
    Buffer& operator=(Buffer o) noexcept {
        std::swap(size_, o.size_);
        std::swap(data_, o.data_);
        return *this;
    }
    ~Buffer() {
        if (data_) std::cout << "delete " << size_ << '\n';
        delete[] data_;
    }
    std::size_t size() const { return size_; }
};

struct Person {
    std::string name;
    std::weak_ptr<Person> partner;
    ~Person() { std::cout << name << " leaves\n"; }
};

struct Guard {
    std::function<void()> undo;
    ~Guard() { undo(); }
};

int main() {
    Buffer a(1024);
    Buffer b = a;
    Buffer c = std::move(a);
    b = Buffer(16);
    std::cout << a.size() << ' ' << b.size() << ' ' << c.size() << '\n';

    auto ann = std::make_shared<Person>(Person{"Ann", {}});
    auto bob = std::make_shared<Person>(Person{"Bob", {}});
    ann->partner = bob;
    bob->partner = ann;
    bob.reset();
    std::cout << (ann->partner.expired() ? "alone" : "together") << ' ' << ann.use_count() << '\n';

    std::unique_ptr<FILE, int (*)(FILE*)> temp(std::tmpfile(), std::fclose);
    Guard guard{[] { std::cout << "cleanup\n"; }};
    if (temp) std::fputs("scratch", temp.get());
}
