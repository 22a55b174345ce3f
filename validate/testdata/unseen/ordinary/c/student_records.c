#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct student {
    int roll;
    char name[40];
    float marks;
};

#define FILENAME "student.dat"

void add(void)
{
    struct student s;
    FILE *fp = fopen(FILENAME, "ab");
    if (!fp) { perror(FILENAME); exit(1); }
    printf("Roll, name, marks: ");
    scanf("%d %39s %f", &s.roll, s.name, &s.marks);
    fwrite(&s, sizeof(s), 1, fp);
    fclose(fp);
}

void list(void)
{
    struct student s;
    FILE *fp = fopen(FILENAME, "rb");
    if (fp == NULL)
        return;
    while (fread(&s, sizeof(s), 1, fp) == 1)
        printf("%-5d %-40s %6.2f\n", s.roll, s.name, s.marks);
    fclose(fp);
}

int main(void)
{
    int ch;
    while (1) {
        printf("\n1. Add\n2. List\n3. Delete all\n0. Exit\nEnter your choice: ");
        if (scanf("%d", &ch) != 1)
            break;
        switch (ch) {
        case 1: add(); break;
        case 2: list(); break;
        case 3: remove(FILENAME); break;
        case 0: exit(0);
        default: printf("Wrong choice\n");
        }
    }
    return 0;
}
