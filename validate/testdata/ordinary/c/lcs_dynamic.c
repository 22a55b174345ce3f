#include <stdio.h>
#include <string.h>

#define MAX 100
#define max(a, b) ((a) > (b) ? (a) : (b))

static int table[MAX + 1][MAX + 1];

static int lcs(const char *a, const char *b, char *out)
{
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 1; i <= n; i++)
        for (size_t j = 1; j <= m; j++)
            table[i][j] = a[i - 1] == b[j - 1] ? table[i - 1][j - 1] + 1 : max(table[i - 1][j], table[i][j - 1]);
    int length = table[n][m], k = length;
    out[k] = '\0';
    while (n && m) {
        if (a[n - 1] == b[m - 1]) {
            out[--k] = a[n - 1];
            n--, m--;
        } else if (table[n - 1][m] >= table[n][m - 1]) {
            n--;
        } else {
            m--;
        }
    }
    return length;
}

static unsigned long long catalan(unsigned n)
{
    unsigned long long c[40] = { 1 };
    for (unsigned i = 1; i <= n; i++)
        for (unsigned j = 0; j < i; j++)
            c[i] += c[j] * c[i - 1 - j];
    return c[n];
}

static int change(const int *coins, int n, int amount)
{
    int ways[501] = { 1 };
    for (int i = 0; i < n; i++)
        for (int v = coins[i]; v <= amount; v++)
            ways[v] += ways[v - coins[i]];
    return ways[amount];
}

int main(void)
{
    char out[MAX + 1];
    int coins[] = { 1, 5, 10, 25, 50, 100 };
    int n = lcs("AGGTABXYZZY", "GXTXAYBZY", out);
    printf("%d %s\n", n, out);
    printf("catalan(15) = %llu\n", catalan(15));
    printf("%d ways\n", change(coins, 6, 100));
    return 0;
}
