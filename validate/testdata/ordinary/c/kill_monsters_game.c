#include <stdio.h>
#include <stdlib.h>

struct monster {
    const char *name;
    int hp, attack;
    struct { int x, y; } position;
};

struct player { int hp, attack, score; };

static int roll(int sides)
{
    static unsigned state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (int) (state % (unsigned) sides) + 1;
}

static void kill(struct monster *m, struct player *p)
{
    printf("You kill the %s!\n", m->name);
    m->hp = 0;
    p->score += m->attack * 10;
}

static int fight(struct player *p, struct monster *m)
{
    while (m->hp > 0) {
        int hit = roll(p->attack);
        m->hp -= hit;
        printf("you hit %s for %d\n", m->name, hit);
        if (m->hp <= 0) {
            kill(m, p);
            break;
        }
        p->hp -= roll(m->attack);
        if (p->hp <= 0) {
            printf("The %s kills you.\n", m->name);
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    struct monster monsters[] = {
        { "daemon", 8, 3, { 1, 1 } }, { "zombie process", 12, 2, { 2, 5 } }, { "fork bomb", 6, 4, { 0, 3 } },
    };
    struct player hero = { 40, 8, 0 };

    for (size_t i = 0; i < sizeof monsters / sizeof monsters[0]; i++)
        if (!fight(&hero, &monsters[i]))
            goto dead;
    printf("victory with %d points and %d hp\n", hero.score, hero.hp);
    return EXIT_SUCCESS;
dead:
    printf("game over, %d points\n", hero.score);
    return EXIT_FAILURE;
}
