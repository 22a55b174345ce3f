#include <stdio.h>
#include <string.h>

#define W 11
#define H 7

static char maze[H][W + 1] = {
    "###########",
    "#S  #     #",
    "### # ### #",
    "#   #   # #",
    "# ##### # #",
    "#       #E#",
    "###########",
};

struct point { int x, y, parent; };

/* Breadth first search; open[] is the queue, closed marks what was seen. */
int main(void)
{
    static struct point open[W * H];
    int closed[H][W], head = 0, tail = 0;
    const int dx[] = { 1, -1, 0, 0 }, dy[] = { 0, 0, 1, -1 };

    memset(closed, 0, sizeof closed);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            if (maze[y][x] == 'S')
                open[tail++] = (struct point){ x, y, -1 };
    while (head < tail) {
        struct point p = open[head];
        if (maze[p.y][p.x] == 'E') {
            int steps = 0;
            for (int i = p.parent; i > 0; i = open[i].parent, steps++)
                maze[open[i].y][open[i].x] = '.';
            for (int y = 0; y < H; y++)
                puts(maze[y]);
            printf("%d steps\n", steps + 1);
            return 0;
        }
        for (int d = 0; d < 4; d++) {
            int x = p.x + dx[d], y = p.y + dy[d];
            if (maze[y][x] == '#' || closed[y][x])
                continue;
            closed[y][x] = 1;
            open[tail++] = (struct point){ x, y, head };
        }
        head++;
    }
    puts("no way out");
    return 1;
}
