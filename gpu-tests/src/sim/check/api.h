/* What a program declares that uses the two libraries by their public names, and what the programs here begin with. */
#ifndef SIM_CHECK_API_H
#define SIM_CHECK_API_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../nccl/abi.h"

typedef struct CUctx_st *CUcontext;
int cuInit(unsigned flags);
int cuDeviceGetCount(int *count);
int cuDevicePrimaryCtxRetain(CUcontext *context, int device);
int cuDevicePrimaryCtxRelease_v2(int device);
int cuCtxSetCurrent(CUcontext context);
int cuMemAlloc_v2(unsigned long long *address, size_t bytes);
int cuMemFree_v2(unsigned long long address);
int cuMemcpyHtoDAsync_v2(unsigned long long to, const void *from, size_t bytes, cudaStream_t stream);
int cuMemcpyDtoHAsync_v2(void *to, unsigned long long from, size_t bytes, cudaStream_t stream);
int cuStreamCreate(cudaStream_t *stream, unsigned flags);
int cuStreamDestroy_v2(cudaStream_t stream);
int cuStreamQuery(cudaStream_t stream);
int cuStreamSynchronize(cudaStream_t stream);
ncclResult_t ncclGetUniqueId(ncclUniqueId *id);
ncclResult_t ncclCommInitRankConfig(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank, ncclConfig_t *config);
ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t *error);
ncclResult_t ncclAllReduce(const void *send, void *receive, size_t count, ncclDataType_t type, ncclRedOp_t op,
                           ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclSend(const void *send, size_t count, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclRecv(void *receive, size_t count, ncclDataType_t type, int peer, ncclComm_t comm, cudaStream_t stream);
ncclResult_t ncclGroupStart(void);
ncclResult_t ncclGroupEnd(void);
ncclResult_t ncclCommDestroy(ncclComm_t comm);
ncclResult_t ncclCommAbort(ncclComm_t comm);
const char *ncclGetLastError(ncclComm_t comm);

#define SOON_SECONDS 20

#define WANT(condition)                                                                         \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            fprintf(stderr, "line %d: %s: %s\n", __LINE__, #condition, ncclGetLastError(NULL)); \
            exit(1);                                                                            \
        }                                                                                       \
    } while (0)

/* Makes the device's primary context current, on the calling thread, and gives a stream there. */
static inline cudaStream_t open_device(int device) {
    CUcontext context;
    cudaStream_t stream;
    WANT(cuInit(0) == 0);
    WANT(cuDevicePrimaryCtxRetain(&context, device) == 0);
    WANT(cuCtxSetCurrent(context) == 0);
    WANT(cuStreamCreate(&stream, 1) == 0);
    return stream;
}

/* Begins to join without blocking. */
static inline ncclResult_t begin_init(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank) {
    ncclConfig_t config = {sizeof config, SIM_CONFIG_MAGIC, 21400, 0};
    return ncclCommInitRankConfig(comm, ranks, id, rank, &config);
}

/* The state once it is another than in progress, or that one when it takes too long. */
static inline ncclResult_t settled(ncclComm_t comm) {
    time_t end = time(NULL) + SOON_SECONDS;
    ncclResult_t state = ncclInProgress;
    while (state == ncclInProgress && time(NULL) < end) {
        usleep(100);
        WANT(ncclCommGetAsyncError(comm, &state) == ncclSuccess);
    }
    return state;
}

#endif
