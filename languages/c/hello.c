#include <stdio.h>

int main(void) {
    puts("Hello from Paddock");
    return 0;
}
