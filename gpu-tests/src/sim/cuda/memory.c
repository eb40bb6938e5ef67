/*
 * Device memory. An address is a reserved page that nobody may touch, its content lies elsewhere: a program that
 * takes a device address for host memory dies here as it does on a GPU.
 */
#include <sys/mman.h>

#include "internal.h"

struct allocation {
    CUdeviceptr address;
    size_t bytes;
    void *content;
    size_t physical; /* where it begins in its device's memory: behind what was in use before it */
    CUcontext context;
    struct allocation *next;
};

static struct allocation *allocations;

static size_t in_use(int device) {
    size_t sum = 0;
    for (struct allocation *a = allocations; a != NULL; a = a->next) {
        if (a->context->device == device) sum += a->bytes;
    }
    return sum;
}

static size_t total(void) { return (size_t)sim_number("NEURONTP_SIM_MEMORY", 1LL << 30); }

void *sim_backing(CUdeviceptr address, size_t bytes) {
    pthread_mutex_lock(&sim_lock);
    void *found = NULL;
    for (struct allocation *a = allocations; a != NULL; a = a->next) {
        if (address >= a->address && address - a->address < a->bytes && bytes <= a->bytes - (address - a->address))
            found = (char *)a->content + (address - a->address);
    }
    pthread_mutex_unlock(&sim_lock);
    return found;
}

/* bitflip@memory[:device]: one bit of the device's memory never keeps what is written there. */
void sim_written(void *content, size_t bytes) {
    pthread_mutex_lock(&sim_lock);
    for (struct allocation *a = allocations; a != NULL; a = a->next) {
        char *start = a->content, *at = content;
        if (at < start || at >= start + a->bytes) continue;
        int device = sim_physical_device(a->context->device);
        size_t cell = (size_t)sim_number("NEURONTP_SIM_BITFLIP_BYTE", (long long)(total() / 2));
        size_t from = a->physical + (size_t)(at - start);
        if (sim_find_fault("bitflip", "memory", device, -1, 1, SIM_ANY_SIZE) && cell >= from && cell - from < bytes)
            at[cell - from] ^= 0x20;
    }
    pthread_mutex_unlock(&sim_lock);
}

static void release(struct allocation *a) {
    munmap((void *)(uintptr_t)a->address, a->bytes);
    free(a->content);
    free(a);
}

void sim_free_context_memory(CUcontext context) {
    for (struct allocation **link = &allocations; *link != NULL;) {
        struct allocation *a = *link;
        if (a->context != context) {
            link = &a->next;
            continue;
        }
        *link = a->next;
        release(a);
    }
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr *address, size_t bytes) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (address == NULL || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    size_t used = in_use(context->device);
    struct allocation *a = bytes <= total() && used <= total() - bytes ? calloc(1, sizeof *a) : NULL;
    void *content = a != NULL ? calloc(1, bytes) : NULL;
    void *reserved = content != NULL
        ? mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) : MAP_FAILED;
    if (reserved != MAP_FAILED) {
        *a = (struct allocation){(uintptr_t)reserved, bytes, content, used, context, allocations};
        allocations = a;
        *address = a->address;
    } else {
        free(content);
        free(a);
        result = CUDA_ERROR_OUT_OF_MEMORY;
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

/* Like the real one it waits for the context's work first: for ever behind a collective that never ends. */
EXPORT CUresult cuMemFree_v2(CUdeviceptr address) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (address == 0) return CUDA_SUCCESS;
    pthread_mutex_lock(&sim_lock);
    result = CUDA_ERROR_INVALID_VALUE;
    sim_await_context(context);
    for (struct allocation **link = &allocations; *link != NULL; link = &(*link)->next) {
        struct allocation *a = *link;
        if (a->address != address) continue;
        *link = a->next;
        release(a);
        result = CUDA_SUCCESS;
        break;
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (free_bytes == NULL || total_bytes == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    *total_bytes = total();
    *free_bytes = total() - in_use(context->device);
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}
