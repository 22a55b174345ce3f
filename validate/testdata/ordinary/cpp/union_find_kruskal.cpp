#include <algorithm>
#include <iostream>
#include <numeric>
#include <vector>

class DisjointSet {
    std::vector<int> parent, size;

public:
    explicit DisjointSet(int n) : parent(n), size(n, 1) { std::iota(parent.begin(), parent.end(), 0); }

    int find(int x) {
        while (parent[x] != x) x = parent[x] = parent[parent[x]];
        return x;
    }

    bool unite(int a, int b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        if (size[a] < size[b]) std::swap(a, b);
        parent[b] = a;
        size[a] += size[b];
        return true;
    }
};

struct Edge {
    int u, v, weight;
    bool operator<(const Edge& o) const { return weight < o.weight; }
};

int main() {
    int n = 7;
    std::vector<Edge> edges = {{0, 1, 7}, {0, 3, 5}, {1, 2, 8}, {1, 3, 9}, {1, 4, 7}, {2, 4, 5},
                               {3, 4, 15}, {3, 5, 6}, {4, 5, 8}, {4, 6, 9}, {5, 6, 11}};
    std::sort(edges.begin(), edges.end());
    DisjointSet forest(n);
    int total = 0;
    for (const Edge& e : edges) {
        if (forest.unite(e.u, e.v)) {
            total += e.weight;
            std::cout << char('A' + e.u) << '-' << char('A' + e.v) << ' ' << e.weight << '\n';
        }
    }
    std::cout << "total " << total << '\n';
    return total == 39 ? 0 : 1;
}
