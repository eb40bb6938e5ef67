/*
 * One rank in a process of its own: joins, adds up ones, ends. What it finds goes to stderr as name=value lines, so that
 * stdout shows what the library prints.
 *
 * rank RANK WORLD DEVICE ID, with the id in hex; rank serve makes an id, writes it to stdout and lives until stdin
 * ends, as neuron --comm-id does; rank devices counts them.
 */
#include <string.h>

#include "api.h"

#define NOT_READY 600

static void serve(void) {
    ncclUniqueId id;
    WANT(ncclGetUniqueId(&id) == ncclSuccess);
    for (size_t i = 0; i < sizeof id.internal; i++) printf("%02x", (unsigned char)id.internal[i]);
    putchar('\n');
    fflush(stdout);
    while (getchar() != EOF) continue;
}

static void count_devices(void) {
    int count = 0;
    fprintf(stderr, "init=%d\n", cuInit(0));
    cuDeviceGetCount(&count);
    fprintf(stderr, "count=%d\n", count);
}

static ncclUniqueId read_id(const char *hex) {
    ncclUniqueId id;
    WANT(strlen(hex) == 2 * sizeof id.internal);
    for (size_t i = 0; i < sizeof id.internal; i++) {
        unsigned byte;
        WANT(sscanf(hex + 2 * i, "%2x", &byte) == 1);
        id.internal[i] = (char)byte;
    }
    return id;
}

static void add(ncclComm_t comm, cudaStream_t stream) {
    uint32_t value = 1;
    unsigned long long device;
    WANT(cuMemAlloc_v2(&device, sizeof value) == 0);
    WANT(cuMemcpyHtoDAsync_v2(device, &value, sizeof value, stream) == 0);
    void *buffer = (void *)(uintptr_t)device;
    ncclResult_t begun = ncclAllReduce(buffer, buffer, 1, ncclUint32, ncclSum, comm, stream);
    WANT(begun == ncclSuccess || begun == ncclInProgress);
    ncclResult_t state = settled(comm);
    while (state == ncclSuccess && cuStreamQuery(stream) == NOT_READY) {
        usleep(100);
        WANT(ncclCommGetAsyncError(comm, &state) == ncclSuccess);
    }
    fprintf(stderr, "state=%d\n", state);
    if (state != ncclSuccess) {
        fprintf(stderr, "error=%s\n", ncclGetLastError(NULL));
        return;
    }
    WANT(cuMemcpyDtoHAsync_v2(&value, device, sizeof value, stream) == 0);
    WANT(cuStreamSynchronize(stream) == 0);
    fprintf(stderr, "sum=%u\n", value);
}

static void run(int rank, int world, int device, const char *hex) {
    cudaStream_t stream = open_device(device);
    ncclComm_t comm = NULL;
    ncclResult_t joined = begin_init(&comm, world, read_id(hex), rank);
    if (joined == ncclInProgress) joined = settled(comm);
    fprintf(stderr, "joined=%d\n", joined);
    if (joined == ncclSuccess)
        add(comm, stream);
    else
        fprintf(stderr, "error=%s\n", ncclGetLastError(NULL));
    fprintf(stderr, "ended=%d\n", comm == NULL ? ncclSuccess : ncclCommAbort(comm));
}

int main(int count, char **arguments) {
    if (count == 2 && strcmp(arguments[1], "serve") == 0)
        serve();
    else if (count == 2 && strcmp(arguments[1], "devices") == 0)
        count_devices();
    else if (count == 5)
        run(atoi(arguments[1]), atoi(arguments[2]), atoi(arguments[3]), arguments[4]);
    else
        return 2;
    return 0;
}
