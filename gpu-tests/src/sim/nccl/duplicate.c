/* Two ranks on one GPU: each family of NCCL's versions says it in another way, and not always to all ranks. */
#include "internal.h"

/* From 2.30 on a setting allows several ranks on one GPU. */
#define SHARING 23000
/* In 2.30.3 and 2.30.4 one rank of the host finds it and fails; from 2.30.7 on all fail again. */
#define ALL_FAIL_AGAIN 23007

static bool on_one_gpu(struct sim_peer a, struct sim_peer b) {
    return a.rank != b.rank && a.host == b.host && a.physical_device == b.physical_device;
}

static bool any_on_this_host(ncclComm_t comm, uint64_t host) {
    for (int a = 0; a < comm->ranks; a++) {
        for (int b = 0; b < a; b++) {
            if (comm->peers[a].host == host && on_one_gpu(comm->peers[a], comm->peers[b])) return true;
        }
    }
    return false;
}

static int first_rank_of(ncclComm_t comm, uint64_t host) {
    int rank = 0;
    while (comm->peers[rank].host != host) rank++;
    return rank;
}

/* Up to 2.29: each rank that shares its GPU names the two. */
static ncclResult_t name_both(ncclComm_t comm, struct sim_peer own) {
    for (int r = 0; r < comm->ranks; r++) {
        if (on_one_gpu(own, comm->peers[r]))
            return sim_fail(ncclInvalidUsage, "Duplicate GPU detected : rank %d and rank %d both on CUDA device %x000",
                            comm->rank, r, own.physical_device + 1);
    }
    return ncclSuccess;
}

ncclResult_t sim_refuse_duplicates(ncclComm_t comm) {
    struct sim_peer own = comm->peers[comm->rank];
    int version = 0;
    ncclGetVersion(&version);
    if (version < SHARING) return name_both(comm, own);
    const char *setting = sim_setting("NCCL_MULTI_RANK_GPU_ENABLE");
    if ((setting != NULL && strcmp(setting, "1") == 0) || !any_on_this_host(comm, own.host)) return ncclSuccess;
    if (version >= ALL_FAIL_AGAIN)
        return sim_fail(ncclInvalidUsage, "Multiple Ranks are using the same GPU/Partition. This needs a setting.");
    if (comm->rank == first_rank_of(comm, own.host))
        return sim_fail(ncclInvalidUsage, "Multiple ranks detected using the same GPU on this node. "
                        "Set NCCL_MULTI_RANK_GPU_ENABLE=1 to allow it.");
    sim_hang(comm); /* the others wait for the one that failed */
    return sim_fail(ncclInternalError, "init was aborted");
}
