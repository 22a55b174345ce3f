#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
    size_t rows, cols;
    double data[];
} matrix;

matrix *matrix_new(size_t rows, size_t cols)
{
    matrix *m = calloc(1, sizeof *m + rows * cols * sizeof(double));
    if (!m)
        exit(EXIT_FAILURE);
    m->rows = rows;
    m->cols = cols;
    return m;
}

#define AT(m, r, c) ((m)->data[(r) * (m)->cols + (c)])

matrix *multiply(const matrix *a, const matrix *b)
{
    if (a->cols != b->rows)
        return NULL;
    matrix *out = matrix_new(a->rows, b->cols);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t k = 0; k < a->cols; k++)
            for (size_t j = 0; j < b->cols; j++)
                AT(out, i, j) += AT(a, i, k) * AT(b, k, j);
    return out;
}

int main(void)
{
    const size_t n = 64;
    matrix *a = matrix_new(n, n), *b = matrix_new(n, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            AT(a, i, j) = (double) (i + j) / n;
            AT(b, i, j) = i == j ? 2 : 0;
        }
    clock_t start = clock();
    matrix *c = multiply(a, b);
    double seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
    printf("c[3][4] = %.4f, trace time %s\n", AT(c, 3, 4), seconds < 5 ? "fine" : "slow");
    matrix *bad = matrix_new(2, 3);
    if (multiply(bad, bad) == NULL)
        puts("dimensions do not match");
    free(a);
    free(b);
    free(c);
    free(bad);
    return 0;
}
