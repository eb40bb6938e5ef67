/* The records of all communicators: which there are, their state, and waiting for it. */
#include <sys/eventfd.h>

#include "internal.h"

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static ncclComm_t communicators;

/* The newest; each leads to the next older one, and none is ever taken away. */
ncclComm_t sim_first_communicator(void) {
    pthread_mutex_lock(&list_lock);
    ncclComm_t first = communicators;
    pthread_mutex_unlock(&list_lock);
    return first;
}

static bool is_communicator(ncclComm_t comm) {
    pthread_mutex_lock(&list_lock);
    ncclComm_t known = communicators;
    while (known != NULL && known != comm) known = known->next;
    pthread_mutex_unlock(&list_lock);
    return known != NULL;
}

ncclResult_t sim_alive(ncclComm_t comm) {
    if (comm == NULL) return sim_fail(ncclInvalidArgument, "comm argument is NULL");
    bool alive = is_communicator(comm);
    if (alive) {
        pthread_mutex_lock(&comm->lock);
        alive = !comm->ended;
        pthread_mutex_unlock(&comm->lock);
    }
    if (!alive)
        return sim_fail(ncclInvalidArgument, "Error: corrupted comm object detected: not a communicator, or one that was ended");
    return ncclSuccess;
}

void sim_set_state(ncclComm_t comm, ncclResult_t state) {
    pthread_mutex_lock(&comm->lock);
    comm->state = state;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
}

bool sim_is_aborted(ncclComm_t comm) {
    pthread_mutex_lock(&comm->lock);
    bool aborted = comm->aborted;
    pthread_mutex_unlock(&comm->lock);
    return aborted;
}

/* Alive, joined, and nothing else of it in progress. */
ncclResult_t sim_usable(ncclComm_t comm) {
    ncclResult_t result = sim_alive(comm);
    if (result != ncclSuccess) return result;
    pthread_mutex_lock(&comm->lock);
    ncclResult_t state = comm->state;
    pthread_mutex_unlock(&comm->lock);
    if (state == ncclInProgress)
        return sim_fail(ncclInvalidArgument, "Attempt to use communicator before the previous operation returned ncclSuccess");
    return state;
}

void sim_await_own_thread(ncclComm_t comm) {
    pthread_mutex_lock(&comm->lock);
    while (comm->busy) pthread_cond_wait(&comm->changed, &comm->lock);
    pthread_mutex_unlock(&comm->lock);
}

ncclResult_t sim_await_join(ncclComm_t comm) {
    if (!comm->blocking) return ncclInProgress;
    sim_await_own_thread(comm);
    pthread_mutex_lock(&comm->lock);
    ncclResult_t state = comm->state;
    pthread_mutex_unlock(&comm->lock);
    return state;
}

ncclComm_t sim_new_communicator(int ranks, ncclUniqueId id, int rank, bool blocking) {
    ncclComm_t comm = calloc(1, sizeof *comm);
    int *links = calloc(3 * (size_t)ranks, sizeof *links);
    struct sim_peer *peers = calloc((size_t)ranks, sizeof *peers);
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (comm == NULL || links == NULL || peers == NULL || wake < 0) abort();
    *comm = (struct ncclComm){.rank = rank, .ranks = ranks, .id = id, .blocking = blocking, .busy = true, .wake = wake,
                              .state = ncclInProgress, .links = links, .listener = -1, .direct_out = links + ranks,
                              .direct_in = links + 2 * ranks, .peers = peers};
    for (int r = 0; r < 3 * ranks; r++) links[r] = -1;
    pthread_mutex_init(&comm->lock, NULL);
    pthread_cond_init(&comm->changed, NULL);
    pthread_mutex_lock(&list_lock);
    comm->next = communicators;
    communicators = comm;
    pthread_mutex_unlock(&list_lock);
    return comm;
}
