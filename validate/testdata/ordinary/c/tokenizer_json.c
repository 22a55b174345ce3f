#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *at;

static void fail(const char *what)
{
    fprintf(stderr, "json: expected %s near \"%.10s\"\n", what, at);
    exit(1);
}

static void skip(void)
{
    while (isspace((unsigned char) *at))
        at++;
}

static int accept(char c)
{
    skip();
    if (*at != c)
        return 0;
    at++;
    return 1;
}

static void value(int depth);
static void string(void)
{
    const char *start = at;
    while (*at && *at != '"')
        at += *at == '\\' ? 2 : 1;
    printf("string %.*s\n", (int) (at - start), start);
    if (!accept('"'))
        fail("closing quote");
}
static void members(int depth, char close, int keyed)
{
    if (accept(close))
        return;
    do {
        if (keyed) {
            if (!accept('"')) fail("key");
            printf("%*skey ", depth * 2, "");
            string();
            if (!accept(':')) fail("colon");
        }
        value(depth);
    } while (accept(','));
    if (!accept(close))
        fail("closing bracket");
}
static void value(int depth)
{
    skip();
    printf("%*s", depth * 2, "");
    if (accept('{')) { puts("object"); members(depth + 1, '}', 1); }
    else if (accept('[')) { puts("array"); members(depth + 1, ']', 0); }
    else if (accept('"')) string();
    else if (!strncmp(at, "true", 4) || !strncmp(at, "null", 4)) { printf("%.4s\n", at); at += 4; }
    else { char *end; double d = strtod(at, &end); if (end == at) fail("value"); at = end; printf("number %g\n", d); }
}
int main(void)
{
    at = "{\"cmd\": \"rm -rf /\", \"args\": [1, 2.5e3, true, null], \"nested\": {\"a\": {}}}";
    value(0);
    return 0;
}
