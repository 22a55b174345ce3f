#include <iostream>
#include <memory>
#include <string>
#include <unordered_map>

class Trie {
    struct Node {
        std::unordered_map<char, std::unique_ptr<Node>> children;
        bool word = false;
    };
    std::unique_ptr<Node> root = std::make_unique<Node>();

    const Node* find(const std::string& s) const {
        const Node* n = root.get();
        for (char c : s) {
            auto it = n->children.find(c);
            if (it == n->children.end()) return nullptr;
            n = it->second.get();
        }
        return n;
    }

public:
    void insert(const std::string& word) {
        Node* n = root.get();
        for (char c : word) {
            auto& child = n->children[c];
            if (!child) child = std::make_unique<Node>();
            n = child.get();
        }
        n->word = true;
    }

    bool search(const std::string& word) const {
        const Node* n = find(word);
        return n && n->word;
    }

    bool startsWith(const std::string& prefix) const { return find(prefix) != nullptr; }
};

int main() {
    Trie t;
    for (const char* w : {"apple", "app", "bash", "shell"}) t.insert(w);
    std::cout << std::boolalpha << t.search("app") << ' ' << t.search("ap") << ' ' << t.startsWith("she") << '\n';
}
