/**
 * @file quick_sort.c
 * @brief Quick sort with Lomuto partition
 */
#include <stdio.h>
#include <stdlib.h>

void display(int arr[], int n)
{
    int i;
    for (i = 0; i < n; i++)
        printf("%d ", arr[i]);
    printf("\n");
}

void swap(int *first, int *second)
{
    int temp = *first;
    *first = *second;
    *second = temp;
}

int partition(int arr[], int lower, int upper)
{
    int i = (lower - 1);
    int pivot = arr[upper];
    int j;

    for (j = lower; j < upper; j++)
        if (arr[j] <= pivot)
            swap(&arr[++i], &arr[j]);
    swap(&arr[i + 1], &arr[upper]);
    return (i + 1);
}

void quickSort(int arr[], int lower, int upper)
{
    if (upper > lower) {
        int p = partition(arr, lower, upper);
        quickSort(arr, lower, p - 1);
        quickSort(arr, p + 1, upper);
    }
}

int main()
{
    int n;
    printf("Enter size of array:\n");
    scanf("%d", &n);
    int *arr = (int *)malloc(n * sizeof(int));
    for (int i = 0; i < n; i++)
        scanf("%d", &arr[i]);
    quickSort(arr, 0, n - 1);
    display(arr, n);
    free(arr);
    return 0;
}
