/* Workers that take more and more, fast enough to be seen in seconds; and one that gives it back. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

#define PIECE ((size_t)64 << 10)
#define PIECES 512
#define SELDOM 500

static void *sleeper(void *unused) {
    (void)unused;
    wait_for_ever();
}

static void leak_thread(void) {
    pthread_attr_t small;
    pthread_t thread;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, PIECE);
    pthread_create(&thread, &small, sleeper, NULL);
    pthread_attr_destroy(&small);
}

/* As a heap does that is collected now and then. */
static void grow_and_shrink(void) {
    static char *pieces[PIECES];
    static size_t taken;
    pieces[taken] = malloc(PIECE);
    if (pieces[taken] == NULL) abort();
    memset(pieces[taken++], 1, PIECE);
    while (taken == PIECES && *pieces != NULL) {
        for (size_t i = 0; i < PIECES; i++) free(pieces[i]);
        *pieces = NULL;
    }
    taken %= PIECES;
}

void grow(int served) {
    if (HAS("leaks-memory")) {
        char *volatile lost = malloc(PIECE / 16);
        if (lost != NULL) memset(lost, 1, PIECE / 16);
    }
    if (HAS("leaks-every-descriptor")) (void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (HAS("grows-and-shrinks") && served % 8 == 0) grow_and_shrink();
    if (served % SELDOM != 0) return;
    if (HAS("leaks-descriptors")) (void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (HAS("leaks-threads")) leak_thread();
    if (HAS("leaks-children") && fork() == 0) {
        for (int descriptor = 0; descriptor < 3; descriptor++) close(descriptor);
        wait_for_ever();
    }
}
