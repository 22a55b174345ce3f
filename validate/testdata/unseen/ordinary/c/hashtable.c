#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NBUCKETS 1024u

struct entry {
    char *key;
    int value;
    struct entry *next;
};

static struct entry *buckets[NBUCKETS];

static uint32_t fnv1a(const char *s)
{
    uint32_t h = 2166136261u;
    while (*s) {
        h ^= (unsigned char)*s++;
        h *= 16777619u;
    }
    return h;
}

static int *lookup(const char *key)
{
    struct entry **e = &buckets[fnv1a(key) % NBUCKETS];
    for (; *e; e = &(*e)->next)
        if (strcmp((*e)->key, key) == 0)
            return &(*e)->value;
    *e = calloc(1, sizeof **e);
    assert(*e != NULL);
    (*e)->key = strdup(key);
    return &(*e)->value;
}

int main(void)
{
    char word[64];

    while (scanf("%63s", word) == 1)
        ++*lookup(word);
    for (unsigned i = 0; i < NBUCKETS; i++)
        for (struct entry *e = buckets[i]; e; e = e->next)
            printf("%6d %s\n", e->value, e->key);
    return 0;
}
