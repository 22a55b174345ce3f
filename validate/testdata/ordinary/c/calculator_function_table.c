#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double add(double a, double b) { return a + b; }
static double sub(double a, double b) { return a - b; }
static double mul(double a, double b) { return a * b; }
static double divide(double a, double b) { return b != 0 ? a / b : NAN; }

static const struct {
    const char *symbol;
    double (*apply)(double, double);
    const char *help;
} operators[] = {
    { "+", add, "sum" }, { "-", sub, "difference" }, { "*", mul, "product" },
    { "/", divide, "quotient" }, { "^", pow, "power" }, { "%", fmod, "remainder" },
};

static double eval(char *expression)
{
    double stack[32];
    int top = 0;
    for (char *tok = strtok(expression, " "); tok; tok = strtok(NULL, " ")) {
        if (isdigit((unsigned char) tok[0]) || (tok[0] == '-' && tok[1])) {
            stack[top++] = strtod(tok, NULL);
            continue;
        }
        for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
            if (strcmp(tok, operators[i].symbol) == 0 && top >= 2) {
                stack[top - 2] = operators[i].apply(stack[top - 2], stack[top - 1]);
                top--;
                break;
            }
        }
    }
    return top == 1 ? stack[0] : NAN;
}

int main(void)
{
    char tests[][40] = { "1 2 + 3 *", "2 10 ^", "-7 2 /", "17 5 %", "1 0 /", "+" };
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        printf("  %s  %s\n", operators[i].symbol, operators[i].help);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        printf("%s = ", tests[i]);
        printf("%g\n", eval(tests[i]));
    }
    return 0;
}
