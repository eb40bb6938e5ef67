/* The collectives as a program calls them. */
#include "internal.h"

static ncclResult_t call(struct sim_collective collective) {
    if (sim_group_keep(&collective)) return ncclSuccess;
    return sim_issue(&collective, 1);
}

EXPORT ncclResult_t ncclAllReduce(const void *send, void *receive, size_t count, ncclDataType_t type, ncclRedOp_t op,
                                  ncclComm_t comm, cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_ALL_REDUCE, send, receive, count, (int)type, (int)op, 0, stream});
}

EXPORT ncclResult_t ncclReduce(const void *send, void *receive, size_t count, ncclDataType_t type, ncclRedOp_t op,
                               int root, ncclComm_t comm, cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_REDUCE, send, receive, count, (int)type, (int)op, root, stream});
}

EXPORT ncclResult_t ncclAllGather(const void *send, void *receive, size_t count, ncclDataType_t type, ncclComm_t comm,
                                  cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_ALL_GATHER, send, receive, count, (int)type, 0, 0, stream});
}

EXPORT ncclResult_t ncclReduceScatter(const void *send, void *receive, size_t count, ncclDataType_t type, ncclRedOp_t op,
                                      ncclComm_t comm, cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_REDUCE_SCATTER, send, receive, count, (int)type, (int)op, 0, stream});
}

EXPORT ncclResult_t ncclBroadcast(const void *send, void *receive, size_t count, ncclDataType_t type, int root,
                                  ncclComm_t comm, cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_BROADCAST, send, receive, count, (int)type, 0, root, stream});
}

EXPORT ncclResult_t ncclSend(const void *send, size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                             cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_SEND, send, NULL, count, (int)type, 0, peer, stream});
}

EXPORT ncclResult_t ncclRecv(void *receive, size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                             cudaStream_t stream) {
    return call((struct sim_collective){comm, SIM_RECEIVE, NULL, receive, count, (int)type, 0, peer, stream});
}
