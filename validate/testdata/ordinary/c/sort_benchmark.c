#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void sorter(int *a, size_t n);

static void insertion(int *a, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        int x = a[i];
        size_t j = i;
        for (; j > 0 && a[j - 1] > x; j--)
            a[j] = a[j - 1];
        a[j] = x;
    }
}

static void shell(int *a, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n; i++)
            for (size_t j = i; j >= gap && a[j - gap] > a[j]; j -= gap) {
                int t = a[j];
                a[j] = a[j - gap];
                a[j - gap] = t;
            }
}

static void sift(int *a, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && a[child] < a[child + 1])
            child++;
        if (a[root] >= a[child])
            return;
        int t = a[root]; a[root] = a[child]; a[child] = t;
    }
}

static void heap(int *a, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(a, i, n);
    while (n-- > 1) {
        int t = a[0]; a[0] = a[n]; a[n] = t;
        sift(a, 0, n);
    }
}

int main(void)
{
    struct { const char *name; sorter *sort; } all[] = { { "insertion", insertion }, { "shell", shell }, { "heap", heap } };
    static int data[5000], copy[5000];
    srand(7);
    for (size_t i = 0; i < 5000; i++)
        data[i] = rand();
    for (size_t k = 0; k < 3; k++) {
        memcpy(copy, data, sizeof data);
        clock_t t = clock();
        all[k].sort(copy, 5000);
        for (size_t i = 1; i < 5000; i++)
            if (copy[i - 1] > copy[i])
                return printf("%s is wrong\n", all[k].name), 1;
        printf("%-10s ok %s\n", all[k].name, clock() - t < 10 * CLOCKS_PER_SEC ? "" : "slow");
    }
    return 0;
}
