#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int show_lines, show_words, show_chars;

static void usage(const char *prog)
{
    fprintf(stderr, "usage: %s [-lwc] [file...]\n", prog);
    exit(2);
}

static void count(FILE *f, const char *name)
{
    long lines = 0, words = 0, chars = 0;
    int c, in_word = 0;

    while ((c = getc(f)) != EOF) {
        chars++;
        if (c == '\n')
            lines++;
        if (c == ' ' || c == '\t' || c == '\n')
            in_word = 0;
        else if (!in_word) {
            in_word = 1;
            words++;
        }
    }
    if (show_lines) printf("%8ld", lines);
    if (show_words) printf("%8ld", words);
    if (show_chars) printf("%8ld", chars);
    printf(" %s\n", name);
}

int main(int argc, char **argv)
{
    int opt;

    while ((opt = getopt(argc, argv, "lwc")) != -1) {
        switch (opt) {
        case 'l': show_lines = 1; break;
        case 'w': show_words = 1; break;
        case 'c': show_chars = 1; break;
        default: usage(argv[0]);
        }
    }
    if (!show_lines && !show_words && !show_chars)
        show_lines = show_words = show_chars = 1;
    if (optind == argc)
        count(stdin, "");
    for (; optind < argc; optind++) {
        FILE *f = fopen(argv[optind], "r");
        if (!f) { perror(argv[optind]); continue; }
        count(f, argv[optind]);
        fclose(f);
    }
    return 0;
}
