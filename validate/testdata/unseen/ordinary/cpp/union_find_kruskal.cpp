#include <iostream>
#include <numeric>
#include <tuple>
#include <vector>
#include <algorithm>

struct DSU {
    std::vector<int> parent, rank_;
    DSU(int n) : parent(n), rank_(n, 0) { std::iota(parent.begin(), parent.end(), 0); }
    int find(int x) { return parent[x] == x ? x : parent[x] = find(parent[x]); }
    bool unite(int a, int b) {
        a = find(a), b = find(b);
        if (a == b) return false;
        if (rank_[a] < rank_[b]) std::swap(a, b);
        parent[b] = a;
        if (rank_[a] == rank_[b]) rank_[a]++;
        return true;
    }
};

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::tuple<int, int, int>> edges;
    while (m--) {
        int u, v, w;
        std::cin >> u >> v >> w;
        edges.emplace_back(w, u - 1, v - 1);
    }
    std::sort(edges.begin(), edges.end());
    DSU dsu(n);
    long long cost = 0;
    int used = 0;
    for (auto [w, u, v] : edges)
        if (dsu.unite(u, v)) {
            cost += w;
            used++;
        }
    if (used == n - 1) std::cout << cost << '\n';
    else std::cout << "IMPOSSIBLE\n";
}
