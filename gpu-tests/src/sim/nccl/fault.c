/*
 * Faults on demand: NEURONTP_SIM_FAULT is a comma-separated list of what@place[:rank][#n]. Without a rank all ranks
 * have it, without #n it comes every time the place is passed. docs/nccl.md lists what and place.
 */
#include <stdio.h>
#include <unistd.h>

#include "internal.h"

bool sim_fault(const char *what, const char *place, int rank, uint64_t count) {
    const char *faults = getenv("NEURONTP_SIM_FAULT");
    if (faults == NULL) return false;
    char list[512];
    snprintf(list, sizeof list, "%s", faults);
    char *rest = NULL;
    for (char *fault = strtok_r(list, ",", &rest); fault != NULL; fault = strtok_r(NULL, ",", &rest)) {
        char *number = strchr(fault, '#');
        if (number != NULL) *number++ = '\0';
        char *only = strchr(fault, ':');
        if (only != NULL) *only++ = '\0';
        char wanted[64];
        snprintf(wanted, sizeof wanted, "%s@%s", what, place);
        if (strcmp(fault, wanted) != 0) continue;
        if (only != NULL && atoi(only) != rank) continue;
        if (number != NULL && strtoull(number, NULL, 10) != count) continue;
        return true;
    }
    return false;
}

void sim_die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

void sim_hang(ncclComm_t comm) {
    if (comm == NULL) {
        for (;;) pause();
    }
    pthread_mutex_lock(&comm->lock);
    while (!comm->aborted) pthread_cond_wait(&comm->changed, &comm->lock);
    pthread_mutex_unlock(&comm->lock);
}

void sim_delay(void) { usleep((useconds_t)sim_number("NEURONTP_SIM_DELAY_MS", 1000) * 1000); }

/* NEURONTP_SIM_DEAD_PEER=hang: nobody learns that a peer is gone, as between GPUs of one host. */
bool sim_dead_peers_are_silent(void) {
    const char *setting = getenv("NEURONTP_SIM_DEAD_PEER");
    return setting != NULL && strcmp(setting, "hang") == 0;
}
