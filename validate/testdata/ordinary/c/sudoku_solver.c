#include <stdbool.h>
#include <stdio.h>

static const char *puzzle =
    "530070000600195000098000060"
    "800060003400803001700020006"
    "060000280000419005000080079";

static int grid[9][9];
static unsigned rows[9], cols[9], boxes[9];
static long tried;

static void set(int r, int c, int v)
{
    unsigned bit = 1u << v;
    grid[r][c] = v;
    rows[r] ^= bit;
    cols[c] ^= bit;
    boxes[r / 3 * 3 + c / 3] ^= bit;
}

static void clear(int r, int c)
{
    int v = grid[r][c];
    set(r, c, v);
    grid[r][c] = 0;
}

static bool solve(int cell)
{
    while (cell < 81 && grid[cell / 9][cell % 9])
        cell++;
    if (cell == 81)
        return true;
    int r = cell / 9, c = cell % 9;
    unsigned used = rows[r] | cols[c] | boxes[r / 3 * 3 + c / 3];
    for (int v = 1; v <= 9; v++) {
        if (used >> v & 1)
            continue;
        tried++;
        set(r, c, v);
        if (solve(cell + 1))
            return true;
        clear(r, c);
    }
    return false;
}

int main(void)
{
    for (int i = 0; i < 81; i++)
        if (puzzle[i] != '0')
            set(i / 9, i % 9, puzzle[i] - '0');
    if (!solve(0)) {
        puts("no solution");
        return 1;
    }
    for (int r = 0; r < 9; r++) {
        for (int c = 0; c < 9; c++)
            printf("%d%s", grid[r][c], c % 3 == 2 ? "  " : " ");
        printf(r % 3 == 2 ? "\n\n" : "\n");
    }
    printf("%ld placements tried\n", tried);
    return 0;
}
