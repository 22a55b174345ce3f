/* wc for students: wc [-lwc] [file...] */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct counts { long lines, words, chars; };

static struct counts count(FILE *in)
{
    struct counts c = { 0, 0, 0 };
    int ch, inside = 0;

    while ((ch = getc(in)) != EOF) {
        c.chars++;
        if (ch == '\n')
            c.lines++;
        if (isspace(ch)) {
            inside = 0;
        } else if (!inside) {
            inside = 1;
            c.words++;
        }
    }
    return c;
}

int main(int argc, char *argv[])
{
    int opt, l = 0, w = 0, b = 0;

    while ((opt = getopt(argc, argv, "lwc")) != -1) {
        switch (opt) {
        case 'l': l = 1; break;
        case 'w': w = 1; break;
        case 'c': b = 1; break;
        default: fprintf(stderr, "usage: %s [-lwc] [file...]\n", argv[0]); return 2;
        }
    }
    if (!l && !w && !b)
        l = w = b = 1;
    for (int i = optind; i < argc || i == optind; i++) {
        FILE *in = i < argc ? fopen(argv[i], "r") : stdin;
        if (!in) {
            fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
            continue;
        }
        struct counts c = count(in);
        if (l) printf("%8ld", c.lines);
        if (w) printf("%8ld", c.words);
        if (b) printf("%8ld", c.chars);
        printf(" %s\n", i < argc ? argv[i] : "");
        if (in != stdin)
            fclose(in);
    }
    return 0;
}
