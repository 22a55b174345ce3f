#include <pthread.h>
#include <stdio.h>

#define N 5
#define MEALS 100

static pthread_mutex_t forks[N];
static int eaten[N];

struct philosopher {
    int id;
    pthread_mutex_t *left_fork, *right_fork;
};

/* Every philosopher takes the lower fork first, so no deadlock. */
static void *dine(void *arg)
{
    struct philosopher *p = arg;
    pthread_mutex_t *fork = p->left_fork, *other_fork = p->right_fork;

    if (fork > other_fork) {
        fork = p->right_fork;
        other_fork = p->left_fork;
    }
    for (int meal = 0; meal < MEALS; meal++) {
        pthread_mutex_lock(fork);
        pthread_mutex_lock(other_fork);
        eaten[p->id]++;
        pthread_mutex_unlock(other_fork);
        pthread_mutex_unlock(fork);
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[N];
    struct philosopher table[N];

    for (int i = 0; i < N; i++)
        pthread_mutex_init(&forks[i], NULL);
    for (int i = 0; i < N; i++) {
        table[i] = (struct philosopher){ i, &forks[i], &forks[(i + 1) % N] };
        if (pthread_create(&threads[i], NULL, dine, &table[i]) != 0) {
            perror("pthread_create");
            return 1;
        }
    }
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < N; i++)
        printf("philosopher %d ate %d times\n", i, eaten[i]);
    return 0;
}
