/* The end of a communicator: finalize, destroy, abort. */
#include <unistd.h>

#include "internal.h"

static bool await_collectives(ncclComm_t comm) {
    pthread_mutex_lock(&comm->lock);
    while (comm->done < comm->issued && !comm->aborted) pthread_cond_wait(&comm->changed, &comm->lock);
    bool finished = comm->done == comm->issued;
    pthread_mutex_unlock(&comm->lock);
    return finished;
}

static void *finalize(void *argument) {
    ncclComm_t comm = argument;
    if (sim_fault("hang", "finalize", comm->rank, 1)) sim_hang(comm);
    bool finished = await_collectives(comm);
    pthread_mutex_lock(&comm->lock);
    if (comm->state == ncclInProgress && finished) comm->state = ncclSuccess;
    comm->busy = false;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    return NULL;
}

/* Done once all that was issued is: behind a collective that failed or hangs, never. */
EXPORT ncclResult_t ncclCommFinalize(ncclComm_t comm) {
    ncclResult_t result = sim_usable(comm);
    if (result != ncclSuccess) return result;
    pthread_mutex_lock(&comm->lock);
    comm->state = ncclInProgress;
    comm->busy = true;
    pthread_mutex_unlock(&comm->lock);
    if (!sim_start_thread(finalize, comm)) abort();
    return sim_await_join(comm);
}

static void free_resources(ncclComm_t comm) {
    pthread_mutex_lock(&comm->lock);
    comm->ended = true;
    pthread_mutex_unlock(&comm->lock);
    for (int r = 0; r < 3 * comm->ranks; r++) {
        if (comm->links[r] >= 0) close(comm->links[r]);
    }
    if (comm->listener >= 0) close(comm->listener);
    close(comm->wake);
    free(comm->links);
    free(comm->peers);
    comm->links = comm->direct_out = comm->direct_in = NULL;
    comm->peers = NULL;
}

/* Waits for what was issued: behind a collective that failed or hangs, for ever, as the real one may. */
EXPORT ncclResult_t ncclCommDestroy(ncclComm_t comm) {
    if (comm == NULL) return ncclSuccess;
    ncclResult_t result = sim_alive(comm);
    if (result != ncclSuccess) return result;
    if (sim_fault("hang", "destroy", comm->rank, 1)) sim_hang(NULL);
    sim_await_own_thread(comm);
    await_collectives(comm);
    sim_info("comm %p rank %d - Destroy COMPLETE (neurontp simulation)", (void *)comm, comm->rank);
    free_resources(comm);
    return ncclSuccess;
}

EXPORT ncclResult_t ncclCommAbort(ncclComm_t comm) {
    if (comm == NULL) return ncclSuccess;
    ncclResult_t result = sim_alive(comm);
    if (result != ncclSuccess) return result;
    if (sim_fault("hang", "abort", comm->rank, 1)) sim_hang(NULL);
    pthread_mutex_lock(&comm->lock);
    comm->aborted = true;
    uint64_t one = 1;
    ssize_t written = write(comm->wake, &one, sizeof one);
    (void)written;
    pthread_cond_broadcast(&comm->changed);
    while (comm->busy || comm->done < comm->issued) pthread_cond_wait(&comm->changed, &comm->lock);
    pthread_mutex_unlock(&comm->lock);
    sim_info("comm %p rank %d - Abort COMPLETE (neurontp simulation)", (void *)comm, comm->rank);
    free_resources(comm);
    return ncclSuccess;
}
