#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define W 40
#define H 20
#define for_x for (int x = 0; x < W; x++)
#define for_y for (int y = 0; y < H; y++)
#define for_xy for_x for_y

static void show(unsigned u[][W])
{
    printf("\033[H");
    for_y {
        for_x printf(u[y][x] ? "\033[07m  \033[m" : "  ");
        printf("\033[E");
    }
    fflush(stdout);
}

static void evolve(unsigned u[][W])
{
    unsigned new[H][W];

    for_y for_x {
        int n = 0;
        for (int y1 = y - 1; y1 <= y + 1; y1++)
            for (int x1 = x - 1; x1 <= x + 1; x1++)
                if (u[(y1 + H) % H][(x1 + W) % W])
                    n++;
        if (u[y][x]) n--;
        new[y][x] = (n == 3 || (n == 2 && u[y][x]));
    }
    for_y for_x u[y][x] = new[y][x];
}

int main(void)
{
    unsigned univ[H][W];

    srand(time(NULL));
    for_xy univ[y][x] = rand() < RAND_MAX / 10;
    for (int gen = 0; gen < 200; gen++) {
        show(univ);
        evolve(univ);
        usleep(50000);
    }
    return 0;
}
