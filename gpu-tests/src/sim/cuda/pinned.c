/* Pinned host memory: allocated here, or the program's own and registered. */
#include "internal.h"

struct pinned {
    char *start;
    size_t bytes;
    bool ours; /* allocated here, not only registered */
    struct pinned *next;
};

static struct pinned *pinned_ranges;

bool sim_is_pinned(const void *host) {
    const char *at = host;
    for (struct pinned *p = pinned_ranges; p != NULL; p = p->next) {
        if (at >= p->start && at < p->start + p->bytes) return true;
    }
    return false;
}

static CUresult pin(void *start, size_t bytes, bool ours) {
    struct pinned *p = malloc(sizeof *p);
    if (p == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    pthread_mutex_lock(&sim_lock);
    *p = (struct pinned){start, bytes, ours, pinned_ranges};
    pinned_ranges = p;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

static CUresult unpin(void *start, bool ours) {
    CUresult result = CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    for (struct pinned **link = &pinned_ranges; *link != NULL; link = &(*link)->next) {
        struct pinned *p = *link;
        if (p->start != start || p->ours != ours) continue;
        *link = p->next;
        if (ours) free(p->start);
        free(p);
        result = CUDA_SUCCESS;
        break;
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuMemHostAlloc(void **host, size_t bytes, unsigned flags) {
    CUcontext context;
    (void)flags;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (host == NULL || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    *host = calloc(1, bytes);
    return *host != NULL ? pin(*host, bytes, true) : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT CUresult cuMemAllocHost_v2(void **host, size_t bytes) { return cuMemHostAlloc(host, bytes, 0); }

EXPORT CUresult cuMemFreeHost(void *host) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    return result != CUDA_SUCCESS ? result : unpin(host, true);
}

EXPORT CUresult cuMemHostRegister_v2(void *host, size_t bytes, unsigned flags) {
    CUcontext context;
    (void)flags;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    return host != NULL && bytes > 0 ? pin(host, bytes, false) : CUDA_ERROR_INVALID_VALUE;
}

EXPORT CUresult cuMemHostUnregister(void *host) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    return result != CUDA_SUCCESS ? result : unpin(host, false);
}
