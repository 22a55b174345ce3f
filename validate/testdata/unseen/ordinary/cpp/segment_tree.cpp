#include <cstdio>
#include <algorithm>
#include <vector>

struct SegTree {
    int n;
    std::vector<long long> t, lazy;
    SegTree(int n) : n(n), t(4 * n), lazy(4 * n) {}

    void push(int v, int len) {
        if (!lazy[v]) return;
        for (int c : {2 * v, 2 * v + 1}) {
            lazy[c] += lazy[v];
            t[c] += lazy[v] * (c == 2 * v ? (len + 1) / 2 : len / 2);
        }
        lazy[v] = 0;
    }

    void update(int v, int l, int r, int a, int b, long long x) {
        if (a > r || b < l) return;
        if (a <= l && r <= b) { t[v] += x * (r - l + 1); lazy[v] += x; return; }
        push(v, r - l + 1);
        int m = (l + r) / 2;
        update(2 * v, l, m, a, b, x);
        update(2 * v + 1, m + 1, r, a, b, x);
        t[v] = t[2 * v] + t[2 * v + 1];
    }

    long long query(int v, int l, int r, int a, int b) {
        if (a > r || b < l) return 0;
        if (a <= l && r <= b) return t[v];
        push(v, r - l + 1);
        int m = (l + r) / 2;
        return query(2 * v, l, m, a, b) + query(2 * v + 1, m + 1, r, a, b);
    }
};

int main() {
    int n, q;
    if (scanf("%d%d", &n, &q) != 2) return 0;
    SegTree st(n);
    for (int type, a, b; q--;) {
        scanf("%d%d%d", &type, &a, &b);
        if (type == 1) {
            long long x;
            scanf("%lld", &x);
            st.update(1, 0, n - 1, a, b, x);
        } else {
            printf("%lld\n", st.query(1, 0, n - 1, a, b));
        }
    }
}
