/* reverse Polish calculator, after the textbook */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXVAL 100

static int sp = 0;
static double val[MAXVAL];

void push(double f)
{
    if (sp < MAXVAL)
        val[sp++] = f;
    else
        printf("error: stack full, can't push %g\n", f);
}

double pop(void)
{
    if (sp > 0)
        return val[--sp];
    printf("error: stack empty\n");
    return 0.0;
}

int main(int argc, char *argv[])
{
    char line[256], *tok;
    double op2;

    while (fgets(line, sizeof line, stdin)) {
        for (tok = strtok(line, " \t\n"); tok != NULL; tok = strtok(NULL, " \t\n")) {
            if (isdigit((unsigned char)tok[0]) || (tok[0] == '-' && tok[1])) {
                push(atof(tok));
                continue;
            }
            switch (tok[0]) {
            case '+': push(pop() + pop()); break;
            case '*': push(pop() * pop()); break;
            case '-': op2 = pop(); push(pop() - op2); break;
            case '/':
                op2 = pop();
                if (op2 != 0.0)
                    push(pop() / op2);
                else
                    printf("error: zero divisor\n");
                break;
            case '^': op2 = pop(); push(pow(pop(), op2)); break;
            default: printf("error: unknown command %s\n", tok);
            }
        }
        printf("\t%.8g\n", pop());
    }
    return 0;
}
