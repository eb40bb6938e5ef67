/*
 * What check.sh runs under the sanitizers: four ranks as threads join, add up, exchange, lose a peer, abort, come back.
 * It uses the two libraries as any program does, by their public names; exit 0 means that all went as it should.
 */
#include <pthread.h>

#include "api.h"

#define RANKS 4
#define COUNT 1000

static ncclUniqueId id;

static void add_up(int rank, ncclComm_t comm, cudaStream_t stream) {
    uint32_t values[COUNT];
    for (int i = 0; i < COUNT; i++) values[i] = (uint32_t)(i + rank);
    unsigned long long device;
    WANT(cuMemAlloc_v2(&device, sizeof values) == 0);
    WANT(cuMemcpyHtoDAsync_v2(device, values, sizeof values, stream) == 0);
    void *buffer = (void *)(uintptr_t)device;
    WANT(ncclAllReduce(buffer, buffer, COUNT, ncclUint32, ncclSum, comm, stream) == ncclInProgress);
    WANT(settled(comm) == ncclSuccess);
    while (cuStreamQuery(stream) == 600) usleep(100);
    WANT(cuMemcpyDtoHAsync_v2(values, device, sizeof values, stream) == 0);
    for (int i = 0; i < COUNT; i++) WANT(values[i] == (uint32_t)(RANKS * i + RANKS * (RANKS - 1) / 2));
    WANT(cuMemFree_v2(device) == 0);
}

/* Each to each, itself too, in messages that a link does not hold at once. */
#define BLOCK 100000

static void exchange(int rank, ncclComm_t comm, cudaStream_t stream) {
    uint32_t *values = malloc(RANKS * BLOCK * sizeof *values);
    unsigned long long from, to;
    WANT(values != NULL);
    for (int i = 0; i < RANKS * BLOCK; i++) values[i] = (uint32_t)(RANKS * (i / BLOCK) + rank);
    WANT(cuMemAlloc_v2(&from, RANKS * BLOCK * sizeof *values) == 0);
    WANT(cuMemAlloc_v2(&to, RANKS * BLOCK * sizeof *values) == 0);
    WANT(cuMemcpyHtoDAsync_v2(from, values, RANKS * BLOCK * sizeof *values, stream) == 0);
    WANT(ncclGroupStart() == ncclSuccess);
    for (int peer = 0; peer < RANKS; peer++) {
        size_t at = (size_t)peer * BLOCK * sizeof *values;
        WANT(ncclSend((void *)(uintptr_t)(from + at), BLOCK, ncclUint32, peer, comm, stream) == ncclSuccess);
        WANT(ncclRecv((void *)(uintptr_t)(to + at), BLOCK, ncclUint32, peer, comm, stream) == ncclSuccess);
    }
    WANT(ncclGroupEnd() == ncclInProgress);
    WANT(settled(comm) == ncclSuccess);
    WANT(cuStreamSynchronize(stream) == 0);
    WANT(cuMemcpyDtoHAsync_v2(values, to, RANKS * BLOCK * sizeof *values, stream) == 0);
    for (int i = 0; i < RANKS * BLOCK; i++) WANT(values[i] == (uint32_t)(RANKS * rank + i / BLOCK));
    WANT(cuMemFree_v2(from) == 0);
    WANT(cuMemFree_v2(to) == 0);
    free(values);
}

static void lose_a_peer(int rank, ncclComm_t comm, cudaStream_t stream) {
    if (rank == 2) return;
    unsigned long long device;
    WANT(cuMemAlloc_v2(&device, 4) == 0);
    void *buffer = (void *)(uintptr_t)device;
    WANT(ncclAllReduce(buffer, buffer, 1, ncclUint32, ncclSum, comm, stream) == ncclInProgress);
    ncclResult_t state = ncclSuccess;
    while (state == ncclSuccess || state == ncclInProgress) {
        WANT(ncclCommGetAsyncError(comm, &state) == ncclSuccess);
        usleep(100);
    }
    WANT(state == ncclRemoteError);
    WANT(cuStreamQuery(stream) == 600);
}

static void *run(void *argument) {
    int rank = (int)(intptr_t)argument;
    cudaStream_t stream = open_device(rank);
    ncclComm_t comm = NULL;
    WANT(begin_init(&comm, RANKS, id, rank) == ncclInProgress);
    WANT(settled(comm) == ncclSuccess);
    for (int round = 0; round < 5; round++) {
        add_up(rank, comm, stream);
        exchange(rank, comm, stream);
    }
    lose_a_peer(rank, comm, stream);
    WANT((rank == 2 ? ncclCommDestroy(comm) : ncclCommAbort(comm)) == ncclSuccess);
    WANT(cuStreamSynchronize(stream) == 0);
    WANT(cuStreamDestroy_v2(stream) == 0);
    WANT(cuDevicePrimaryCtxRelease_v2(rank) == 0);
    return NULL;
}

int main(void) {
    for (int group = 0; group < 3; group++) {
        pthread_t threads[RANKS];
        WANT(ncclGetUniqueId(&id) == ncclSuccess);
        for (int rank = 0; rank < RANKS; rank++) WANT(pthread_create(&threads[rank], NULL, run, (void *)(intptr_t)rank) == 0);
        for (int rank = 0; rank < RANKS; rank++) pthread_join(threads[rank], NULL);
    }
    puts("smoke passed");
    return 0;
}
