/* What a program declares that uses the two libraries by their public names. */
#ifndef SIM_CHECK_API_H
#define SIM_CHECK_API_H

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
ncclResult_t ncclCommDestroy(ncclComm_t comm);
ncclResult_t ncclCommAbort(ncclComm_t comm);
const char *ncclGetLastError(ncclComm_t comm);

#endif
