#include <bits/stdc++.h>
#define rep(i, n) for (int i = 0; i < (n); ++i)
#define all(x) (x).begin(), (x).end()
using namespace std;
using ll = long long;
const int MOD = 1e9 + 7;

int lis(const vector<int>& a) {
    vector<int> tails;
    for (int x : a) {
        auto it = lower_bound(all(tails), x);
        if (it == tails.end()) tails.push_back(x);
        else *it = x;
    }
    return tails.size();
}

ll knapsack(int capacity, const vector<pair<int, ll>>& items) {
    vector<ll> dp(capacity + 1);
    for (auto [w, v] : items)
        for (int c = capacity; c >= w; --c) dp[c] = max(dp[c], dp[c - w] + v);
    return dp[capacity];
}

int tsp(const vector<vector<int>>& d) {
    int n = d.size();
    vector<vector<int>> dp(1 << n, vector<int>(n, 1e9));
    dp[1][0] = 0;
    rep(mask, 1 << n) rep(u, n) if (dp[mask][u] < 1e9) rep(v, n) if (!(mask >> v & 1))
        dp[mask | 1 << v][v] = min(dp[mask | 1 << v][v], dp[mask][u] + d[u][v]);
    int best = 1e9;
    rep(u, n) best = min(best, dp[(1 << n) - 1][u] + d[u][0]);
    return best;
}

ll binomial(int n, int k) {
    vector<ll> row(k + 1);
    row[0] = 1;
    rep(i, n) for (int j = min(i + 1, k); j > 0; --j) row[j] = (row[j] + row[j - 1]) % MOD;
    return row[k];
}

int main() {
#ifdef LOCAL
    freopen("input.txt", "r", stdin);
    freopen("output.txt", "w", stdout);
#endif
    cout << lis({10, 9, 2, 5, 3, 7, 101, 18}) << '\n';
    cout << knapsack(50, {{10, 60}, {20, 100}, {30, 120}}) << '\n';
    cout << tsp({{0, 10, 15, 20}, {10, 0, 35, 25}, {15, 35, 0, 30}, {20, 25, 30, 0}}) << '\n';
    cout << binomial(100, 50) << '\n';
    cerr << "time: " << 1.0 * clock() / CLOCKS_PER_SEC << " s\n";
}
