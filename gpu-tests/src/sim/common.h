/* What both stand-ins share: how a symbol is exported, how a setting is read, how a thread is started. */
#ifndef SIM_COMMON_H
#define SIM_COMMON_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Everything else is hidden (-fvisibility=hidden). */
#define EXPORT __attribute__((visibility("default")))

/* A number from the environment, decimal or 0x; a value that is none counts as not set. */
static inline long long sim_number(const char *name, long long otherwise) {
    const char *text = getenv(name);
    if (text == NULL || *text == '\0') return otherwise;
    char *end = NULL;
    long long value = strtoll(text, &end, 0);
    return *end == '\0' ? value : otherwise;
}

/* A detached thread that takes no signals: those are for the program that loaded the library. */
static inline bool sim_start_thread(void *(*body)(void *), void *argument) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    bool started = pthread_create(&thread, NULL, body, argument) == 0;
    if (started) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

/*
 * faults.c: does NEURONTP_SIM_FAULT have this one for this rank (or the pair of it and the peer, which is otherwise -1), at
 * the count-th time that the place is passed, from 1, with an operation of this size?
 */
#define SIM_ANY_SIZE SIZE_MAX
bool sim_find_fault(const char *what, const char *place, int rank, int peer, uint64_t count, size_t bytes);

#endif
