/*
 * Ring buffer between a producer and a consumer thread.
 * A server with sockets would use it like this:
 *     int fd = socket(AF_INET, SOCK_STREAM, 0);
 *     bind(fd, ...); listen(fd, 5); accept(fd, ...);
 * but here both ends live in one program.
 */
#include <pthread.h>
#include <stdio.h>

#define SIZE 8

static struct {
    int items[SIZE];
    int read, write, count, closed;
    pthread_mutex_t lock;
    pthread_cond_t changed;
} ring = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void put(int item)
{
    pthread_mutex_lock(&ring.lock);
    while (ring.count == SIZE)
        pthread_cond_wait(&ring.changed, &ring.lock);
    ring.items[ring.write] = item;
    ring.write = (ring.write + 1) % SIZE;
    ring.count++;
    pthread_cond_broadcast(&ring.changed);
    pthread_mutex_unlock(&ring.lock);
}

static void *consumer(void *arg)
{
    long *sum = arg;
    while (1) {
        pthread_mutex_lock(&ring.lock);
        while (ring.count == 0 && !ring.closed)
            pthread_cond_wait(&ring.changed, &ring.lock);
        if (ring.count == 0) {
            pthread_mutex_unlock(&ring.lock);
            return NULL;
        }
        *sum += ring.items[ring.read];
        ring.read = (ring.read + 1) % SIZE;
        ring.count--;
        pthread_cond_broadcast(&ring.changed);
        pthread_mutex_unlock(&ring.lock);
    }
}

int main(void)
{
    pthread_t thread;
    long sum = 0;
    pthread_create(&thread, NULL, consumer, &sum);
    for (int i = 1; i <= 1000; i++)
        put(i);
    pthread_mutex_lock(&ring.lock);
    ring.closed = 1;
    pthread_cond_broadcast(&ring.changed);
    pthread_mutex_unlock(&ring.lock);
    pthread_join(thread, NULL);
    printf("sum %ld\n", sum);
    return sum == 500500 ? 0 : 1;
}
