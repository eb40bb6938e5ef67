/* A collective as it runs on the stream. A failed one spins there until the abort, like a kernel. */
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
    int rank = x->comm->rank;
    if (sim_fault("delay", "collective", rank, x->number)) sim_delay();
    if (sim_fault("die", "collective", rank, x->number)) sim_die();
    if (sim_fault("hang", "collective", rank, x->number)) sim_hang(x->comm);
    if (!sim_fault("cuda", "collective", rank, x->number)) return 0;
    sim_set_state(x->comm, sim_fail(ncclUnhandledCudaError, "Cuda failure 719 'unspecified launch failure' (rank %d)", rank));
    return LAUNCH_FAILED;
}

/* On the stream's thread. */
static int run(void *argument) {
    struct sim_exchange *x = argument;
    ncclComm_t comm = x->comm;
    int result = 0;
    if (await_turn(x)) result = run_faults(x);
    if (result == 0 && !sim_is_aborted(comm)) {
        ncclResult_t end = sim_run_exchange(x);
        if (end != ncclSuccess && !sim_is_aborted(comm)) {
            if (!(end == ncclRemoteError && sim_dead_peers_are_silent())) sim_set_state(comm, end);
            sim_hang(comm);
        }
    }
    pthread_mutex_lock(&comm->lock);
    comm->done++;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    free(x);
    return result;
}

static ncclResult_t enqueue(struct sim_exchange *x) {
    ncclComm_t comm = x->comm;
    if (sim_fault("hang", "enqueue", comm->rank, x->number)) sim_hang(comm);
    int result = sim_cuda()->enqueue(x->resolved_stream, run, x);
    if (result == 0) return ncclSuccess;
    return sim_fail(ncclUnhandledCudaError, "Cuda failure %d '%s'", result, sim_cuda()->error_text(result));
}

/* A non-blocking communicator puts its work on the stream behind the caller's back: until then the stream is idle. */
static void *enqueue_later(void *argument) {
    struct sim_exchange *x = argument;
    ncclComm_t comm = x->comm;
    usleep((useconds_t)sim_number("NEURONTP_SIM_ENQUEUE_MS", 2) * 1000);
    ncclResult_t result = enqueue(x);
    pthread_mutex_lock(&comm->lock);
    if (comm->state == ncclInProgress) comm->state = result;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    return NULL;
}

static ncclResult_t check(const struct sim_collective *c, size_t sent, size_t received) {
    const struct sim_hooks *cuda = sim_cuda();
    if (c->type < 0 || c->type >= SIM_TYPES) return sim_fail(ncclInvalidArgument, "invalid type %d", c->type);
    if (c->op < 0 || c->op >= SIM_OPS) return sim_fail(ncclInvalidArgument, "invalid reduction operation %d", c->op);
    if (c->root < 0 || c->root >= c->comm->ranks) return sim_fail(ncclInvalidArgument, "invalid root %d", c->root);
    if (c->count > SIZE_MAX / 8 / SIM_MAX_RANKS) return sim_fail(ncclInvalidArgument, "invalid count %zu", c->count);
    size_t bytes = c->count * sim_type_size(c->type);
    if (bytes == 0) return ncclSuccess;
    if (sent > 0 && cuda->backing((uintptr_t)c->send, sent * bytes) == NULL)
        return sim_fail(ncclInvalidArgument, "sendbuff %p is not %zu bytes of device memory", c->send, sent * bytes);
    if (received > 0 && cuda->backing((uintptr_t)c->receive, received * bytes) == NULL)
        return sim_fail(ncclInvalidArgument, "recvbuff %p is not %zu bytes of device memory", c->receive, received * bytes);
    return ncclSuccess;
}

ncclResult_t sim_issue(const struct sim_collective *c) {
    ncclComm_t comm = c->comm;
    ncclResult_t result = sim_usable(comm);
    if (result != ncclSuccess) return result;
    size_t ranks = (size_t)comm->ranks;
    size_t sent = c->kind == SIM_REDUCE_SCATTER ? ranks : c->kind != SIM_BROADCAST || comm->rank == c->root;
    size_t received = c->kind == SIM_ALL_GATHER ? ranks : c->kind != SIM_REDUCE || comm->rank == c->root;
    result = check(c, sent, received);
    if (result != ncclSuccess) return result;
    size_t bytes = c->count * sim_type_size(c->type);
    struct sim_exchange *x = calloc(1, sizeof *x);
    if (x == NULL) return sim_fail(ncclSystemError, "no host memory");
    *x = (struct sim_exchange){.comm = comm, .kind = c->kind, .count = c->count, .type = c->type, .op = c->op, .root = c->root};
    if (sent > 0 && bytes > 0) x->send = sim_cuda()->backing((uintptr_t)c->send, sent * bytes);
    if (received > 0 && bytes > 0) x->receive = sim_cuda()->backing((uintptr_t)c->receive, received * bytes);
    int cuda_result = sim_cuda()->resolve_stream(c->stream, &x->resolved_stream);
    if (cuda_result != 0) {
        free(x);
        return sim_fail(ncclUnhandledCudaError, "Cuda failure %d '%s'", cuda_result, sim_cuda()->error_text(cuda_result));
    }
    pthread_mutex_lock(&comm->lock);
    x->number = ++comm->issued;
    if (!comm->blocking) comm->state = ncclInProgress;
    pthread_mutex_unlock(&comm->lock);
    if (comm->blocking) return enqueue(x);
    if (!sim_start_thread(enqueue_later, x)) return sim_fail(ncclSystemError, "cannot start a thread");
    return ncclInProgress;
}
