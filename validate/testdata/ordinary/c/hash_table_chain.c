#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 31

typedef struct entry {
    char *key;
    int count;
    struct entry *next;
} entry;

static entry *table[BUCKETS];

static unsigned hash(const char *s)
{
    unsigned h = 5381;
    while (*s)
        h = h * 33 + (unsigned char) *s++;
    return h % BUCKETS;
}

static entry *lookup(const char *key, int create)
{
    entry **slot = &table[hash(key)];
    for (entry *e = *slot; e; e = e->next)
        if (strcmp(e->key, key) == 0)
            return e;
    if (!create)
        return NULL;
    entry *e = malloc(sizeof *e);
    e->key = malloc(strlen(key) + 1);
    strcpy(e->key, key);
    e->count = 0;
    e->next = *slot;
    *slot = e;
    return e;
}

static int by_count(const void *a, const void *b)
{
    const entry *x = *(entry *const *) a, *y = *(entry *const *) b;
    return y->count != x->count ? y->count - x->count : strcmp(x->key, y->key);
}

int main(void)
{
    char text[] = "exec the shell and the shell will fork and exec the program";
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        lookup(word, 1)->count++;
    entry *all[100];
    size_t n = 0;
    for (int b = 0; b < BUCKETS; b++)
        for (entry *e = table[b]; e; e = e->next)
            all[n++] = e;
    qsort(all, n, sizeof *all, by_count);
    for (size_t i = 0; i < n; i++)
        printf("%-8s %d\n", all[i]->key, all[i]->count);
    printf("missing: %s\n", lookup("system", 0) ? "no" : "yes");
    for (size_t i = 0; i < n; i++) {
        free(all[i]->key);
        free(all[i]);
    }
    return 0;
}
