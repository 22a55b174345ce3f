#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

template <class It, class Cmp = std::less<>>
void quickSort(It first, It last, Cmp cmp = {}) {
    if (last - first < 2) return;
    auto pivot = *(first + (last - first) / 2);
    It middle1 = std::partition(first, last, [&](const auto& x) { return cmp(x, pivot); });
    It middle2 = std::partition(middle1, last, [&](const auto& x) { return !cmp(pivot, x); });
    quickSort(first, middle1, cmp);
    quickSort(middle2, last, cmp);
}

template <class It>
void mergeSort(It first, It last) {
    if (last - first < 2) return;
    It mid = first + (last - first) / 2;
    mergeSort(first, mid);
    mergeSort(mid, last);
    std::inplace_merge(first, mid, last);
}

template <class It>
void heapSort(It first, It last) {
    std::make_heap(first, last);
    while (first != last) std::pop_heap(first, last--);
}

int main() {
    std::mt19937 engine(2024);
    std::uniform_int_distribution<int> dist(-10000, 10000);
    std::vector<int> data(20000);
    std::generate(data.begin(), data.end(), [&] { return dist(engine); });

    using Sorter = std::function<void(std::vector<int>&)>;
    const std::pair<const char*, Sorter> sorters[] = {
        {"quick", [](auto& v) { quickSort(v.begin(), v.end()); }},
        {"merge", [](auto& v) { mergeSort(v.begin(), v.end()); }},
        {"heap", [](auto& v) { heapSort(v.begin(), v.end()); }},
    };
    for (const auto& [name, sort] : sorters) {
        auto copy = data;
        auto start = std::chrono::steady_clock::now();
        sort(copy);
        auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
        std::cout << name << (std::is_sorted(copy.begin(), copy.end()) ? " ok" : " WRONG") << (ms > 5000 ? " slow" : "") << '\n';
    }
    std::vector<std::string> words{"kill", "fork", "exec", "wait"};
    quickSort(words.begin(), words.end(), std::greater<>());
    std::copy(words.begin(), words.end(), std::ostream_iterator<std::string>(std::cout, " "));
}
