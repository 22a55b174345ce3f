#include <stdio.h>
#include <string.h>

#define MAX(a, b) ((a) > (b) ? (a) : (b))

int knapsack(int capacity, const int weight[], const int value[], int n)
{
    int dp[n + 1][capacity + 1];

    for (int i = 0; i <= n; i++)
        for (int w = 0; w <= capacity; w++) {
            if (i == 0 || w == 0)
                dp[i][w] = 0;
            else if (weight[i - 1] <= w)
                dp[i][w] = MAX(value[i - 1] + dp[i - 1][w - weight[i - 1]], dp[i - 1][w]);
            else
                dp[i][w] = dp[i - 1][w];
        }
    return dp[n][capacity];
}

int lcs(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    int t[m + 1][n + 1];

    memset(t, 0, sizeof t);
    for (size_t i = 1; i <= m; i++)
        for (size_t j = 1; j <= n; j++)
            t[i][j] = a[i - 1] == b[j - 1] ? t[i - 1][j - 1] + 1 : MAX(t[i - 1][j], t[i][j - 1]);
    return t[m][n];
}

int main(void)
{
    int value[] = {60, 100, 120}, weight[] = {10, 20, 30};

    printf("%d\n", knapsack(50, weight, value, 3));
    printf("%d\n", lcs("AGGTAB", "GXTXAYB"));
    return 0;
}
