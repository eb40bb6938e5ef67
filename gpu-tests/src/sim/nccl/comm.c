/* Communicators: how one is created, and what it says of itself. */
#include "internal.h"

static void *join(void *argument) {
    ncclComm_t comm = argument;
    ncclResult_t result = sim_join(comm);
    if (result == ncclSuccess && comm->rank == 0) sim_print_version();
    if (result == ncclSuccess) sim_run_diagnostics(comm);
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
    ncclComm_t comm = sim_new_communicator(ranks, id, rank, blocking);
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
