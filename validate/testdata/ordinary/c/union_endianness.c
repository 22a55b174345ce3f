#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

union view {
    uint32_t word;
    uint8_t bytes[4];
    float real;
    struct { unsigned low : 4, middle : 8, high : 20; } fields;
};

struct packet {
    char kind;
    uint32_t length;
    uint16_t port;
};

static void binary(uint32_t x)
{
    for (int bit = 31; bit >= 0; bit--)
        putchar('0' + (x >> bit & 1));
    putchar('\n');
}

static uint32_t swap(uint32_t x)
{
    return x << 24 | (x & 0xff00) << 8 | (x >> 8 & 0xff00) | x >> 24;
}

int main(void)
{
    union view v = { .word = 0xdeadbeef };
    printf("%s endian\n", v.bytes[0] == 0xef ? "little" : "big");
    printf("%08x -> %08x\n", v.word, swap(v.word));
    v.real = 0.15625f;
    binary(v.word);
    printf("sign %u exponent %u mantissa %06x\n", v.word >> 31, v.word >> 23 & 0xff, v.word & 0x7fffff);
    printf("offsets %zu %zu %zu, size %zu\n", offsetof(struct packet, kind), offsetof(struct packet, length),
           offsetof(struct packet, port), sizeof(struct packet));
    printf("int %d..%d, long %zu bytes, pointer %zu bytes\n", INT_MIN, INT_MAX, sizeof(long), sizeof(void *));
    int numbers[] = { 10, 20, 30 }, *p = numbers;
    printf("%d %d %d\n", *(p + 1), 2[numbers], *&numbers[0]);
    int (*cmp)(const char *, ...) = printf;
    cmp("function pointers %s\n", "work");
    return 0;
}
