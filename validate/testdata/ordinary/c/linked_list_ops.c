#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct node {
    int data;
    struct node *next;
} Node;

Node *push(Node *head, int data)
{
    Node *n = malloc(sizeof *n);
    if (n == NULL) {
        fprintf(stderr, "out of memory\n");
        abort();
    }
    n->data = data;
    n->next = head;
    return n;
}

Node *reverse(Node *head)
{
    Node *prev = NULL;
    while (head) {
        Node *next = head->next;
        head->next = prev;
        prev = head;
        head = next;
    }
    return prev;
}

void delete_value(Node **link, int data)
{
    while (*link) {
        Node *entry = *link;
        if (entry->data == data) {
            *link = entry->next;
            free(entry);
        } else {
            link = &entry->next;
        }
    }
}

void print(const Node *n)
{
    for (; n; n = n->next)
        printf("%d -> ", n->data);
    printf("NULL\n");
}

int main(void)
{
    Node *list = NULL;
    for (int i = 0; i < 8; i++)
        list = push(list, i % 3);
    print(list);
    delete_value(&list, 1);
    list = reverse(list);
    print(list);
    assert(list->data == 0);
    while (list) {
        Node *next = list->next;
        free(list);
        list = next;
    }
    return 0;
}
