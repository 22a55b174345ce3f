#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t table[256];

static const unsigned char sbox[16] = {
    0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5, 0x30, 0x01, 0x67, 0x2b, 0xfe, 0xd7, 0xab, 0x76
};

static const char utf8_art[] = "\xe2\x96\x91\xe2\x96\x92\xe2\x96\x93\xe2\x96\x88\xe2\x96\x93\xe2\x96\x92\xe2\x96\x91";

static void make_table(void)
{
    for (uint32_t n = 0; n < 256; n++) {
        uint32_t c = n;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[n] = c;
    }
}

uint32_t crc32(const void *buf, size_t len)
{
    const uint8_t *p = buf;
    uint32_t c = 0xFFFFFFFFu;
    while (len--)
        c = table[(c ^ *p++) & 0xFF] ^ (c >> 8);
    return ~c;
}

uint32_t fnv1a(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char) *s) * 16777619u;
    return h;
}

int main(void)
{
    make_table();
    const char *check = "123456789";
    printf("crc32(\"%s\") = %08" PRIx32 "\n", check, crc32(check, strlen(check)));
    printf("fnv1a = %08" PRIx32 "\n", fnv1a("hello"));
    printf("sbox crc = %08" PRIx32 "\n", crc32(sbox, sizeof sbox));
    puts(utf8_art);
    for (size_t i = 0; i < sizeof sbox; i++)
        printf("\\x%02x%s", sbox[i], i % 8 == 7 ? "\n" : "");
    return 0;
}
