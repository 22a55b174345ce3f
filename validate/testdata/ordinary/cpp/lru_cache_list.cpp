#include <cassert>
#include <iostream>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

template <typename K, typename V>
class LRUCache {
public:
    explicit LRUCache(std::size_t capacity) : capacity_(capacity) {}

    std::optional<V> get(const K& key) {
        auto it = index_.find(key);
        if (it == index_.end()) return std::nullopt;
        items_.splice(items_.begin(), items_, it->second);
        return it->second->second;
    }

    void put(const K& key, V value) {
        if (auto it = index_.find(key); it != index_.end()) {
            it->second->second = std::move(value);
            items_.splice(items_.begin(), items_, it->second);
            return;
        }
        if (items_.size() == capacity_) {
            index_.erase(items_.back().first);
            items_.pop_back();
        }
        items_.emplace_front(key, std::move(value));
        index_[key] = items_.begin();
    }

    auto begin() const { return items_.begin(); }
    auto end() const { return items_.end(); }

private:
    std::size_t capacity_;
    std::list<std::pair<K, V>> items_;
    std::unordered_map<K, typename std::list<std::pair<K, V>>::iterator> index_;
};

int main() {
    LRUCache<std::string, int> cache(3);
    for (int i = 0; const char* word : {"one", "two", "three", "one", "four"}) {
        cache.put(word, ++i);
    }
    assert(!cache.get("two"));
    std::cout << cache.get("one").value_or(-1) << '\n';
    for (const auto& [key, value] : cache) std::cout << key << '=' << value << ' ';
    std::cout << '\n';
}
