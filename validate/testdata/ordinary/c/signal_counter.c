#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted = 0;
static volatile sig_atomic_t ticks = 0;

static void on_signal(int sig)
{
    if (sig == SIGALRM)
        ticks++;
    else
        interrupted = sig;
}

int main(void)
{
    struct sigaction sa = { .sa_handler = on_signal };

    sigemptyset(&sa.sa_mask);
    if (sigaction(SIGINT, &sa, NULL) < 0 || sigaction(SIGALRM, &sa, NULL) < 0) {
        perror("sigaction");
        return EXIT_FAILURE;
    }
    signal(SIGTERM, on_signal);
    printf("pid %ld: press Ctrl-C or run kill -INT %ld\n", (long) getpid(), (long) getpid());
    for (int n = 0; !interrupted; n++) {
        raise(SIGALRM);
        printf("tick %d\n", (int) ticks);
        if (n == 3)
            raise(SIGINT);
    }
    printf("stopped by signal %d after %d ticks\n", (int) interrupted, (int) ticks);
    return EXIT_SUCCESS;
}
