#include <stdio.h>

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        printf("arg: %s\n", argv[i]);
    }
    int start_of_line = 1;
    for (int c = getchar(); c != EOF; c = getchar()) {
        if (start_of_line) {
            fputs("stdin: ", stdout);
        }
        putchar(c);
        start_of_line = c == '\n';
    }
    if (!start_of_line) {
        putchar('\n');
    }
    return 3;
}
