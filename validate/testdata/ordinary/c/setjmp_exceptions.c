#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

/* Exceptions for C, as a lesson in setjmp and longjmp. */
static jmp_buf *handler;
static char message[80];

#define TRY for (int once_ = 1; once_; once_ = 0) { jmp_buf here_, *outer_ = handler; handler = &here_; if (!setjmp(here_))
#define CATCH else
#define END handler = outer_; }

static void throw(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    longjmp(*handler, 1);
}

static int divide(int a, int b)
{
    if (b == 0)
        throw("division of %d by zero", a);
    return a / b;
}

static int sum(int count, ...)
{
    int total = 0;
    va_list args;
    va_start(args, count);
    while (count--)
        total += va_arg(args, int);
    va_end(args);
    return total;
}

int main(void)
{
    TRY {
        printf("%d\n", divide(10, 2));
        printf("%d\n", divide(1, 0));
        printf("never printed\n");
    } CATCH {
        printf("caught: %s\n", message);
    } END
    printf("%d\n", sum(4, 1, 2, 3, 4));
    return 0;
}
