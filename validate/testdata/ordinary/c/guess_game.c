#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(void)
{
    int number, guess, count = 0;
    char line[64];

    srand((unsigned) time(NULL));
    number = rand() % 100 + 1;
    printf("I think of a number between 1 and 100.\n");
    /* system("clear") would clear the screen, but we print a line instead */
    puts("----------------------------------------");
    while (1) {
        printf("Your guess: ");
        fflush(stdout);
        if (!fgets(line, sizeof line, stdin))
            break;
        if (line[0] == 'q')
            exit(EXIT_SUCCESS);
        if (sscanf(line, "%d", &guess) != 1) {
            fprintf(stderr, "please enter a number\n");
            continue;
        }
        count++;
        if (guess < number) {
            printf("too small\n");
        } else if (guess > number) {
            printf("too big\n");
        } else {
            printf("right, after %d tries!\n", count);
            return 0;
        }
    }
    printf("\nIt was %d.\n", number);
    return 0;
}
