#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Fixed size blocks in one arena; free blocks form a list inside themselves. */
#define BLOCK 32
#define COUNT 16

union block {
    union block *next;
    max_align_t align;
    unsigned char bytes[BLOCK];
};

struct pool {
    union block blocks[COUNT];
    union block *free_list;
    size_t used;
};

void pool_init(struct pool *p)
{
    memset(p, 0, sizeof *p);
    for (size_t i = COUNT; i-- > 0;) {
        p->blocks[i].next = p->free_list;
        p->free_list = &p->blocks[i];
    }
}

void *pool_alloc(struct pool *p)
{
    union block *b = p->free_list;
    if (!b)
        return NULL;
    p->free_list = b->next;
    p->used++;
    return b;
}

void pool_free(struct pool *p, void *ptr)
{
    union block *b = ptr;
    assert(b >= p->blocks && b < p->blocks + COUNT);
    b->next = p->free_list;
    p->free_list = b;
    p->used--;
}

int main(void)
{
    static struct pool pool;
    void *all[COUNT + 1];
    pool_init(&pool);
    size_t n = 0;
    while ((all[n] = pool_alloc(&pool)) != NULL)
        snprintf(all[n], BLOCK, "block %zu", n), n++;
    printf("%zu blocks, aligned %d, last \"%s\"\n", n, (uintptr_t) all[0] % sizeof(void *) == 0, (char *) all[n - 1]);
    pool_free(&pool, all[5]);
    assert(pool_alloc(&pool) == all[5]);
    while (n-- > 0)
        pool_free(&pool, all[n]);
    printf("%zu in use\n", pool.used);
    return 0;
}
