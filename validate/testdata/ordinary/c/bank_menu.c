#include <stdio.h>
#include <string.h>
#include <stdlib.h>

#define MAX 10

struct account { char owner[20]; long cents; };

static struct account bank[MAX];
static int accounts;

static void open_account(void)
{
    if (accounts == MAX) {
        printf("bank is full\n");
        return;
    }
    printf("name: ");
    if (scanf("%19s", bank[accounts].owner) != 1)
        exit(0);
    bank[accounts].cents = 0;
    printf("account number %d\n", accounts++);
}

static struct account *find(void)
{
    int n;
    printf("account: ");
    if (scanf("%d", &n) != 1 || n < 0 || n >= accounts) {
        printf("no such account\n");
        return NULL;
    }
    return &bank[n];
}

int main(void)
{
    int choice;
    long amount;
    struct account *a;

    for (;;) {
        printf("\n1 open  2 deposit  3 withdraw  4 list  5 exit\n> ");
        if (scanf("%d", &choice) != 1)
            return 0;
        switch (choice) {
        case 1:
            open_account();
            break;
        case 2:
        case 3:
            if ((a = find()) && printf("cents: ") && scanf("%ld", &amount) == 1 && amount > 0) {
                if (choice == 3 && amount > a->cents)
                    printf("not enough money\n");
                else
                    a->cents += choice == 2 ? amount : -amount;
            }
            break;
        case 4:
            for (int i = 0; i < accounts; i++)
                printf("%d %-20s %5ld.%02ld\n", i, bank[i].owner, bank[i].cents / 100, bank[i].cents % 100);
            break;
        case 5:
            exit(EXIT_SUCCESS);
        }
    }
}
