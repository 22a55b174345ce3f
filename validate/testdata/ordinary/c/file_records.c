#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct student {
    int id;
    char name[24];
    float grade;
};

static const char *path = "students.dat";

static int save(const struct student *s, size_t n)
{
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        return -1;
    }
    size_t done = fwrite(s, sizeof *s, n, f);
    return fclose(f) == 0 && done == n ? 0 : -1;
}

static int update(int index, float grade)
{
    struct student s;
    FILE *f = fopen(path, "r+b");
    if (!f)
        return -1;
    fseek(f, (long) (index * sizeof s), SEEK_SET);
    if (fread(&s, sizeof s, 1, f) == 1) {
        s.grade = grade;
        fseek(f, -(long) sizeof s, SEEK_CUR);
        fwrite(&s, sizeof s, 1, f);
    }
    return fclose(f);
}

int main(void)
{
    struct student class[] = { { 1, "Ada", 1.0f }, { 2, "Brian", 2.3f }, { 3, "Dennis", 1.7f } }, s;
    if (save(class, 3) || update(1, 1.3f))
        return EXIT_FAILURE;
    FILE *f = fopen(path, "rb");
    if (!f)
        return EXIT_FAILURE;
    while (fread(&s, sizeof s, 1, f) == 1)
        printf("%2d %-10s %.1f\n", s.id, s.name, s.grade);
    fclose(f);
    if (remove(path) == 0)
        printf("removed %s\n", path);
    return EXIT_SUCCESS;
}
