#include <ctype.h>
#include <stdio.h>
#include <string.h>

size_t my_strlen(const char *s)
{
    const char *p = s;
    while (*p)
        p++;
    return (size_t) (p - s);
}

char *my_strcpy(char *dst, const char *src)
{
    char *start = dst;
    while ((*dst++ = *src++))
        ;
    return start;
}

void reverse(char *s)
{
    for (char *e = s + my_strlen(s); s < --e; s++) {
        char t = *s;
        *s = *e;
        *e = t;
    }
}

int is_palindrome(const char *s)
{
    size_t i = 0, j = strlen(s);
    while (i < j) {
        if (!isalpha((unsigned char) s[i])) { i++; continue; }
        if (!isalpha((unsigned char) s[j - 1])) { j--; continue; }
        if (tolower((unsigned char) s[i++]) != tolower((unsigned char) s[--j]))
            return 0;
    }
    return 1;
}

void rot13(char *s)
{
    for (; *s; s++)
        if (isalpha((unsigned char) *s))
            *s += tolower((unsigned char) *s) < 'n' ? 13 : -13;
}

int main(void)
{
    char buffer[100];
    my_strcpy(buffer, "execve, fork and popen are system calls or not?");
    printf("%zu %zu\n", my_strlen(buffer), strlen(buffer));
    reverse(buffer);
    puts(buffer);
    rot13(buffer);
    puts(buffer);
    printf("%d %d\n", is_palindrome("A man, a plan, a canal: Panama"), is_palindrome("gets"));
    char *found = strstr("needle in haystack", "in");
    printf("%.*s|%s\n", 2, found, found + 3);
    return 0;
}
