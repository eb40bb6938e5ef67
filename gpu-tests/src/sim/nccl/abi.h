/* The part of NCCL's ABI that the stand-in implements, in its own words. */
#ifndef SIM_NCCL_ABI_H
#define SIM_NCCL_ABI_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ncclSuccess = 0,
    ncclUnhandledCudaError = 1,
    ncclSystemError = 2,
    ncclInternalError = 3,
    ncclInvalidArgument = 4,
    ncclInvalidUsage = 5,
    ncclRemoteError = 6,
    ncclInProgress = 7
} ncclResult_t;

typedef enum {
    ncclInt8 = 0,
    ncclUint8 = 1,
    ncclInt32 = 2,
    ncclUint32 = 3,
    ncclInt64 = 4,
    ncclUint64 = 5,
    ncclFloat16 = 6,
    ncclFloat32 = 7,
    ncclFloat64 = 8,
    ncclBfloat16 = 9,
    ncclFloat8e4m3 = 10, /* these two since 2.24 */
    ncclFloat8e5m2 = 11,
    SIM_TYPES = 12
} ncclDataType_t;

typedef enum { ncclSum = 0, ncclProd = 1, ncclMax = 2, ncclMin = 3, ncclAvg = 4, SIM_OPS = 5 } ncclRedOp_t;

typedef struct ncclComm *ncclComm_t;
typedef struct CUstream_st *cudaStream_t;

typedef struct {
    char internal[128];
} ncclUniqueId;

/* The oldest form, of NCCL 2.14: later ones only add fields at the end, and size says which one it is. */
typedef struct {
    size_t size;
    unsigned magic;
    unsigned version;
    int blocking;
} ncclConfig_t;

#define SIM_CONFIG_MAGIC 0xcafebeefu
#define SIM_CONFIG_UNDEFINED INT_MIN

#endif
