/* The faults of a rank, and what they do. */
#include <unistd.h>

#include "internal.h"

bool sim_fault(const char *what, const char *place, int rank, uint64_t count) {
    return sim_find_fault(what, place, rank, -1, count, SIM_ANY_SIZE);
}

bool sim_operation_fault(const char *what, const char *place, const struct sim_exchange *x) {
    return sim_find_fault(what, place, x->comm->rank, -1, x->number, x->count * sim_type_size(x->type));
}

bool sim_running_fault(const char *what, const struct sim_exchange *x) {
    static const char *const names[] = {
        [SIM_ALL_REDUCE] = "all_reduce", [SIM_ALL_GATHER] = "all_gather", [SIM_REDUCE_SCATTER] = "reduce_scatter",
        [SIM_BROADCAST] = "broadcast",   [SIM_REDUCE] = "reduce",         [SIM_SEND_RECV] = "send_recv",
    };
    return sim_operation_fault(what, "collective", x) || sim_operation_fault(what, names[x->kind], x);
}

bool sim_pair_fault(const char *what, int rank, int peer, uint64_t count) {
    return sim_find_fault(what, "pair", rank, peer, count, SIM_ANY_SIZE);
}

uint64_t sim_slow_ns(size_t bytes) {
    return bytes * (uint64_t)sim_number("NEURONTP_SIM_SLOW_NS_PER_BYTE", 100);
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
