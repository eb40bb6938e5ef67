/* An operation as it is put on the stream and runs there. A failed one spins there until the abort, like a kernel. */
#include <unistd.h>

#include "internal.h"

/* CUDA_ERROR_LAUNCH_FAILED */
#define LAUNCH_FAILED 719

static bool await_turn(const struct sim_exchange *x) {
    ncclComm_t comm = x->comm;
    pthread_mutex_lock(&comm->lock);
    while (!comm->aborted && comm->done + 1 < x->number) pthread_cond_wait(&comm->changed, &comm->lock);
    bool go = !comm->aborted;
    pthread_mutex_unlock(&comm->lock);
    return go;
}

static int run_faults(const struct sim_exchange *x) {
    if (sim_running_fault("delay", x)) sim_delay();
    if (sim_running_fault("slow", x)) sim_pause(x->comm, sim_slow_ns(x->count * sim_type_size(x->type)));
    if (sim_running_fault("die", x)) sim_die();
    if (sim_running_fault("hang", x)) sim_hang(x->comm);
    if (!sim_running_fault("cuda", x)) return 0;
    sim_set_state(x->comm, sim_fail(ncclUnhandledCudaError, "Cuda failure 719 'unspecified launch failure' (rank %d)",
                                    x->comm->rank));
    return LAUNCH_FAILED;
}

/* On the stream's thread. */
static int run(void *argument) {
    struct sim_exchange *x = argument;
    ncclComm_t comm = x->comm;
    int result = 0;
    if (await_turn(x)) result = run_faults(x);
    if (result == 0 && !sim_is_aborted(comm)) {
        ncclResult_t end = x->kind == SIM_SEND_RECV ? sim_run_pairs(x) : sim_run_exchange(x);
        if (end != ncclSuccess && !sim_is_aborted(comm)) {
            if (!(end == ncclRemoteError && sim_dead_peers_are_silent())) sim_set_state(comm, end);
            sim_hang(comm);
        }
    }
    pthread_mutex_lock(&comm->lock);
    comm->done++;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    x->next = NULL;
    sim_free_exchanges(x);
    return result;
}

static ncclResult_t enqueue(struct sim_exchange *x) {
    ncclComm_t comm = x->comm;
    if (sim_operation_fault("delay", "enqueue", x)) sim_delay();
    if (sim_operation_fault("hang", "enqueue", x)) sim_hang(comm);
    int result = sim_cuda()->enqueue(x->resolved_stream, run, x);
    if (result == 0) return ncclSuccess;
    return sim_fail(ncclUnhandledCudaError, "Cuda failure %d '%s'", result, sim_cuda()->error_text(result));
}

static ncclResult_t enqueue_all(struct sim_exchange *first) {
    ncclResult_t result = ncclSuccess;
    for (struct sim_exchange *x = first, *next; x != NULL && result == ncclSuccess; x = next) {
        next = x->next; /* once enqueued, x is its stream's */
        result = enqueue(x);
    }
    return result;
}

/* A non-blocking communicator puts its work on the stream behind the caller's back: until then the stream is idle. */
static void *enqueue_later(void *argument) {
    struct sim_exchange *first = argument;
    ncclComm_t comm = first->comm;
    usleep((useconds_t)sim_number("NEURONTP_SIM_ENQUEUE_MS", 2) * 1000);
    ncclResult_t result = enqueue_all(first);
    pthread_mutex_lock(&comm->lock);
    if (comm->state == ncclInProgress) comm->state = result;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    return NULL;
}

ncclResult_t sim_issue(const struct sim_collective *collectives, size_t count) {
    ncclComm_t comm = collectives->comm;
    ncclResult_t result = sim_usable(comm);
    struct sim_exchange *first = NULL;
    if (result == ncclSuccess) result = sim_prepare(collectives, count, &first);
    if (result != ncclSuccess) return result;
    pthread_mutex_lock(&comm->lock);
    for (struct sim_exchange *x = first; x != NULL; x = x->next) {
        x->number = ++comm->issued;
        if (x->kind != SIM_SEND_RECV) x->agreed = ++comm->agreed;
    }
    if (!comm->blocking) comm->state = ncclInProgress;
    pthread_mutex_unlock(&comm->lock);
    if (comm->blocking) return enqueue_all(first);
    if (!sim_start_thread(enqueue_later, first)) return sim_fail(ncclSystemError, "cannot start a thread");
    return ncclInProgress;
}
