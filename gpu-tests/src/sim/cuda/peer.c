/*
 * Copies between two devices, and access of one to the memory of another. Every device can access every other one, except by
 * deny@access:a-b (both ways) or deny@access:a (device a cannot access any other, which can access it). The faults of a copy are
 * of both directions between a and b with :a-b, and of what goes to device a with :a.
 * NEURONTP_SIM_PEERS: how many others one device may access at once, any number where it is not set.
 * slow@peer: takes time in proportion to the bytes. corrupt@peer: a bit of what arrives is flipped. hang@peer: never ends.
 */
#include <time.h>
#include <unistd.h>

#include "internal.h"

struct peer_copy {
    void *to;
    const void *from;
    size_t bytes;
    int target, source; /* devices, without CUDA_VISIBLE_DEVICES */
};

static bool has(const char *what, const struct peer_copy *copy) {
    return sim_find_fault(what, "peer", copy->target, copy->source, 1, SIM_ANY_SIZE) ||
           sim_find_fault(what, "peer", copy->target, -1, 1, SIM_ANY_SIZE);
}

static CUresult run_copy(void *argument) {
    struct peer_copy *copy = argument;
    if (has("hang", copy)) {
        for (;;) pause();
    }
    if (has("slow", copy)) {
        long long ns = sim_number("NEURONTP_SIM_SLOW_NS_PER_BYTE", 100) * (long long)copy->bytes;
        struct timespec delay = {ns / 1000000000, ns % 1000000000};
        nanosleep(&delay, NULL);
    }
    memmove(copy->to, copy->from, copy->bytes);
    if (has("corrupt", copy)) {
        size_t at = (size_t)sim_number("NEURONTP_SIM_CORRUPT_BYTE", 0);
        ((char *)copy->to)[at < copy->bytes ? at : copy->bytes - 1] ^= 1;
    }
    sim_written(copy->to, copy->bytes);
    free(copy);
    return CUDA_SUCCESS;
}

static CUresult copy_peer(CUdeviceptr to, CUcontext to_context, CUdeviceptr from, CUcontext from_context, size_t bytes,
                          CUstream handle, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS || bytes == 0) return result;
    if (to_context == NULL || from_context == NULL || !to_context->alive || !from_context->alive)
        return CUDA_ERROR_INVALID_CONTEXT;
    struct peer_copy copy = {sim_backing(to, bytes), sim_backing(from, bytes), bytes,
                             sim_physical_device(to_context->device), sim_physical_device(from_context->device)};
    if (copy.to == NULL || copy.from == NULL) return CUDA_ERROR_INVALID_VALUE;
    struct peer_copy *task = malloc(sizeof *task);
    if (task == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    *task = copy;
    CUstream stream;
    pthread_mutex_lock(&sim_lock);
    result = sim_find_stream(handle, context, &stream);
    if (result == CUDA_SUCCESS) {
        struct sim_point point = sim_submit(stream, run_copy, task, NULL);
        if (wait) sim_await(point);
        if (wait) result = context->error;
    } else {
        free(task);
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuMemcpyPeer(CUdeviceptr to, CUcontext to_context, CUdeviceptr from, CUcontext from_context, size_t bytes) {
    return copy_peer(to, to_context, from, from_context, bytes, NULL, true);
}

EXPORT CUresult cuMemcpyPeerAsync(CUdeviceptr to, CUcontext to_context, CUdeviceptr from, CUcontext from_context,
                                  size_t bytes, CUstream stream) {
    return copy_peer(to, to_context, from, from_context, bytes, stream, false);
}

static bool can_access(int device, int peer) {
    int from = sim_physical_device(device), to = sim_physical_device(peer);
    return from != to && !sim_find_fault("deny", "access", from, to, 1, SIM_ANY_SIZE) &&
           !sim_find_fault("deny", "access", from, -1, 1, SIM_ANY_SIZE);
}

EXPORT CUresult cuDeviceCanAccessPeer(int *can, CUdevice device, CUdevice peer) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    if (can == NULL) return CUDA_ERROR_INVALID_VALUE;
    int count = sim_device_count();
    if (device < 0 || device >= count || peer < 0 || peer >= count) return CUDA_ERROR_INVALID_DEVICE;
    *can = can_access(device, peer);
    return CUDA_SUCCESS;
}

static CUresult other_context(CUcontext peer, CUcontext *own) {
    CUresult result = sim_enter(own);
    if (result != CUDA_SUCCESS) return result;
    return peer != NULL && peer->alive && peer != *own ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

/* Nothing here reads another device's memory directly: what counts is that it is asked for rightly, and for how many at once. */
EXPORT CUresult cuCtxEnablePeerAccess(CUcontext peer, unsigned flags) {
    CUcontext context;
    if (flags != 0) return CUDA_ERROR_INVALID_VALUE;
    CUresult result = other_context(peer, &context);
    if (result != CUDA_SUCCESS) return result;
    if (!can_access(context->device, peer->device)) return CUDA_ERROR_PEER_ACCESS_UNSUPPORTED;
    uint64_t peers = context->peers | UINT64_C(1) << peer->device;
    if (__builtin_popcountll(peers) > sim_number("NEURONTP_SIM_PEERS", SIM_MAX_DEVICES)) return CUDA_ERROR_TOO_MANY_PEERS;
    context->peers = peers;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxDisablePeerAccess(CUcontext peer) {
    CUcontext context;
    CUresult result = other_context(peer, &context);
    if (result != CUDA_SUCCESS) return result;
    uint64_t bit = UINT64_C(1) << peer->device;
    if ((context->peers & bit) == 0) return CUDA_ERROR_PEER_ACCESS_NOT_ENABLED;
    context->peers &= ~bit;
    return CUDA_SUCCESS;
}
