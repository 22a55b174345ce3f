/* A ring of numbers. The loop has no condition, and ends all the same. */
#include <stdio.h>

enum { SIZE = 8 };

struct ring {
	int items[SIZE];
	unsigned head, tail;
};

static int put(struct ring *r, int item)
{
	if (r->head - r->tail == SIZE)
		return 0;
	r->items[r->head++ % SIZE] = item;
	return 1;
}

static int take(struct ring *r, int *item)
{
	if (r->head == r->tail)
		return 0;
	*item = r->items[r->tail++ % SIZE];
	return 1;
}

int main(void)
{
	struct ring r = {0};
	int item;

	for (int i = 0; put(&r, i * i); i++)
		;
	while (1) {
		if (!take(&r, &item))
			break;
		printf("%d\n", item);
	}
	return 0;
}
