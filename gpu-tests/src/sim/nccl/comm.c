/* Communicators: how one is made, and what it says of itself. */
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

static void *join(void *argument) {
    ncclComm_t comm = argument;
    ncclResult_t result = sim_join(comm);
    if (result == ncclSuccess && comm->rank == 0) sim_print_version();
    if (result == ncclSuccess)
        sim_info("comm %p rank %d nranks %d cudaDev %d busId %x000 - Init COMPLETE (neurontp simulation)", (void *)comm,
                 comm->rank, comm->ranks, comm->device, comm->physical_device + 1);
    pthread_mutex_lock(&comm->lock);
    comm->busy = false;
    comm->joined = result == ncclSuccess;
    comm->state = result;
    pthread_cond_broadcast(&comm->changed);
    pthread_mutex_unlock(&comm->lock);
    return NULL;
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

static ncclComm_t new_communicator(int ranks, ncclUniqueId id, int rank, bool blocking) {
    ncclComm_t comm = calloc(1, sizeof *comm);
    int *links = calloc((size_t)ranks, sizeof *links);
    struct sim_peer *peers = calloc((size_t)ranks, sizeof *peers);
    int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (comm == NULL || links == NULL || peers == NULL || wake < 0) abort();
    *comm = (struct ncclComm){.rank = rank, .ranks = ranks, .id = id, .blocking = blocking, .busy = true, .wake = wake,
                              .state = ncclInProgress, .links = links, .peers = peers};
    for (int r = 0; r < ranks; r++) links[r] = -1;
    pthread_mutex_init(&comm->lock, NULL);
    pthread_cond_init(&comm->changed, NULL);
    pthread_mutex_lock(&list_lock);
    comm->next = communicators;
    communicators = comm;
    pthread_mutex_unlock(&list_lock);
    return comm;
}

static ncclResult_t init(ncclComm_t *out, int ranks, ncclUniqueId id, int rank, bool blocking, int device) {
    sim_settings_read();
    if (out == NULL) return sim_fail(ncclInvalidArgument, "CommInitRank : comm argument is NULL");
    if (ranks < 1 || ranks > SIM_MAX_RANKS || rank < 0 || rank >= ranks)
        return sim_fail(ncclInvalidArgument, "Invalid rank requested : %d/%d", rank, ranks);
    const struct sim_hooks *cuda = sim_cuda();
    if (cuda == NULL) return ncclSystemError;
    int physical = 0;
    int result = cuda->device(&device, &physical);
    if (result != 0) return sim_fail(ncclUnhandledCudaError, "Cuda failure %d '%s'", result, cuda->error_text(result));
    const char *forced = sim_setting("NCCL_COMM_BLOCKING");
    if (forced != NULL) blocking = strcmp(forced, "0") != 0;
    ncclComm_t comm = new_communicator(ranks, id, rank, blocking);
    pthread_mutex_lock(&comm->lock);
    comm->device = device;
    comm->physical_device = physical;
    pthread_mutex_unlock(&comm->lock);
    *out = comm;
    sim_ras_start();
    sim_info("comm %p rank %d nranks %d cudaDev %d - Init START (neurontp simulation)", (void *)comm, rank, ranks, device);
    if (!sim_start_thread(join, comm)) abort();
    return sim_group_keep_join(comm) && blocking ? ncclSuccess : sim_await_join(comm);
}

EXPORT ncclResult_t ncclCommInitRank(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank) {
    return init(comm, ranks, id, rank, true, -1);
}

EXPORT ncclResult_t ncclCommInitRankConfig(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank, ncclConfig_t *config) {
    if (config == NULL) return init(comm, ranks, id, rank, true, -1);
    if (config->magic != SIM_CONFIG_MAGIC || config->size < sizeof(ncclConfig_t))
        return sim_fail(ncclInvalidArgument, "ncclConfig_t argument not initialized via NCCL_CONFIG_INITIALIZER");
    if (config->blocking != 0 && config->blocking != 1 && config->blocking != SIM_CONFIG_UNDEFINED)
        return sim_fail(ncclInvalidArgument, "Invalid config blocking attribute value %d", config->blocking);
    return init(comm, ranks, id, rank, config->blocking != 0, -1);
}

EXPORT ncclResult_t ncclCommInitAll(ncclComm_t *comms, int count, const int *devices) {
    ncclUniqueId id;
    ncclResult_t result = ncclGetUniqueId(&id);
    if (result == ncclSuccess && sim_cuda() == NULL) result = ncclSystemError;
    for (int rank = 0; rank < count && result == ncclSuccess; rank++) {
        int device = devices != NULL ? devices[rank] : rank, physical;
        if (device < 0 || sim_cuda()->device(&device, &physical) != 0)
            result = sim_fail(ncclUnhandledCudaError, "ncclCommInitAll : no device %d", device);
    }
    if (result != ncclSuccess) return result;
    ncclGroupStart();
    for (int rank = 0; rank < count && result == ncclSuccess; rank++)
        result = init(&comms[rank], count, id, rank, true, devices != NULL ? devices[rank] : rank);
    ncclResult_t end = ncclGroupEnd();
    return result != ncclSuccess ? result : end;
}

EXPORT ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t *error) {
    ncclResult_t result = sim_alive(comm);
    if (result != ncclSuccess) return result;
    if (error == NULL) return sim_fail(ncclInvalidArgument, "CommGetAsyncError : asyncError argument is NULL");
    pthread_mutex_lock(&comm->lock);
    *error = comm->state;
    pthread_mutex_unlock(&comm->lock);
    return ncclSuccess;
}

static ncclResult_t tell(ncclComm_t comm, int *out, int value) {
    ncclResult_t result = sim_usable(comm);
    if (result != ncclSuccess) return result;
    if (out == NULL) return sim_fail(ncclInvalidArgument, "out argument is NULL");
    *out = value;
    return ncclSuccess;
}

EXPORT ncclResult_t ncclCommCount(ncclComm_t comm, int *count) { return tell(comm, count, comm != NULL ? comm->ranks : 0); }

EXPORT ncclResult_t ncclCommUserRank(ncclComm_t comm, int *rank) { return tell(comm, rank, comm != NULL ? comm->rank : 0); }

EXPORT ncclResult_t ncclCommCuDevice(ncclComm_t comm, int *device) {
    return tell(comm, device, comm != NULL ? comm->device : 0);
}
