#include <stdio.h>
#include <stdlib.h>

typedef struct node {
    int data;
    struct node *next;
} node;

node *push(node *head, int data)
{
    node *n = malloc(sizeof *n);
    if (n == NULL)
        abort();
    n->data = data;
    n->next = head;
    return n;
}

node *reverse(node *head)
{
    node *prev = NULL;
    while (head) {
        node *next = head->next;
        head->next = prev;
        prev = head;
        head = next;
    }
    return prev;
}

void destroy(node *head)
{
    while (head) {
        node *next = head->next;
        free(head);
        head = next;
    }
}

int main(void)
{
    node *list = NULL;
    for (int i = 0; i < 10; i++)
        list = push(list, i * i);
    list = reverse(list);
    for (node *p = list; p; p = p->next)
        printf("%d%s", p->data, p->next ? " -> " : "\n");
    destroy(list);
    return 0;
}
