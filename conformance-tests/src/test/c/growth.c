/* Workers that take more and more, fast enough to be seen in seconds; and one that gives it back. */
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "worker.h"

#define PIECE ((size_t)64 << 10)
#define PIECES 512
#define PIECES_AT_ONCE 8

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

/* Whether one more is due, at one in so many milliseconds: a busy host serves fewer requests, and must see the same growth. */
static bool due(long every) {
    static long start, done;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long millis = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (start == 0) start = millis;
    if ((millis - start) / every <= done) return false;
    done++;
    return true;
}

void grow(void) {
    while (HAS("leaks-memory") && due(1)) {
        char *volatile lost = malloc(PIECE);
        if (lost != NULL) memset(lost, 1, PIECE);
    }
    if (HAS("leaks-every-descriptor")) (void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
    /* No more at once than a busy host grows in the time for a reply, also after a pause. */
    for (size_t piece = 0; HAS("grows-and-shrinks") && piece < PIECES_AT_ONCE && due(1); piece++) grow_and_shrink();
    while (HAS("leaks-descriptors") && due(20)) (void)!open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (HAS("leaks-threads") && due(20)) leak_thread();
    while (HAS("leaks-children") && due(20)) {
        if (fork() != 0) continue;
        for (int descriptor = 0; descriptor < 3; descriptor++) close(descriptor);
        wait_for_ever();
    }
}
