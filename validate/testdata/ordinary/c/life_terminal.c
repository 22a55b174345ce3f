#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { H = 12, W = 32 };

typedef unsigned char board[H][W];

static int neighbours(board b, int y, int x)
{
    int n = 0;
    for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
            if (dy || dx)
                n += b[(y + dy + H) % H][(x + dx + W) % W];
    return n;
}

static void step(board b)
{
    board next;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            int n = neighbours(b, y, x);
            next[y][x] = n == 3 || (n == 2 && b[y][x]);
        }
    memcpy(b, next, sizeof next);
}

static void draw(board b)
{
    printf("\033[H");
    for (int y = 0; y < H; y++) {
        for (int x = 0; x < W; x++)
            fputs(b[y][x] ? "\033[7m  \033[m" : "  ", stdout);
        putchar('\n');
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    board b;
    int generations = argc > 1 ? atoi(argv[1]) : 5;
    const char *seed = getenv("LIFE_SEED");

    srand(seed ? (unsigned) atoi(seed) : 1u);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            b[y][x] = rand() < RAND_MAX / 3;
    printf("\033[2J");
    while (generations-- > 0) {
        draw(b);
        step(b);
        usleep(1000);
    }
    return 0;
}
