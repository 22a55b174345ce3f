#include <ctype.h>
#include <stdio.h>
#include <string.h>

static char shift(char c, int k)
{
    if (isupper((unsigned char)c))
        return (c - 'A' + k + 26) % 26 + 'A';
    if (islower((unsigned char)c))
        return (c - 'a' + k + 26) % 26 + 'a';
    return c;
}

static void vigenere(char *text, const char *key, int sign)
{
    size_t len = strlen(key), j = 0;

    for (char *p = text; *p; p++) {
        if (isalpha((unsigned char)*p)) {
            int k = tolower((unsigned char)key[j++ % len]) - 'a';
            *p = shift(*p, sign * k);
        }
    }
}

int main(void)
{
    char text[] = "Attack at dawn!";

    vigenere(text, "LEMON", 1);
    printf("encrypted: %s\n", text);
    vigenere(text, "LEMON", -1);
    printf("decrypted: %s\n", text);
    for (int k = 1; k < 26; k += 12) {
        for (const char *p = text; *p; p++)
            putchar(shift(*p, k));
        putchar('\n');
    }
    return 0;
}
