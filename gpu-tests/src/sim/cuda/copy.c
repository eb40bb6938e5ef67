/*
 * Copies and fills. All go through a stream; the synchronous ones through the null stream, awaited. Host memory that
 * is not pinned follows the real driver's rule: on the way to the device it is read before the call returns, and a
 * copy out of the device blocks its caller until it is done, also where it is named Async.
 */
#include <unistd.h>

#include "internal.h"

struct copy {
    void *to;
    const void *from;
    size_t bytes;
    bool to_device;
    size_t width; /* 0: a copy; 1, 2, 4: a fill with a value of that many bytes */
    uint32_t value;
    void *staged;
    bool hangs;
};

static CUresult run_copy(void *argument) {
    struct copy *copy = argument;
    if (copy->hangs) {
        for (;;) pause();
    }
    if (copy->width == 0) {
        memmove(copy->to, copy->from, copy->bytes);
    } else {
        for (size_t at = 0; at < copy->bytes; at += copy->width) memcpy((char *)copy->to + at, &copy->value, copy->width);
    }
    if (copy->to_device) sim_written(copy->to, copy->bytes);
    free(copy->staged);
    free(copy);
    return CUDA_SUCCESS;
}

static CUresult submit(struct copy copy, CUstream handle, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    struct copy *task = result == CUDA_SUCCESS ? malloc(sizeof *task) : NULL;
    if (task == NULL) {
        free(copy.staged);
        return result != CUDA_SUCCESS ? result : CUDA_ERROR_OUT_OF_MEMORY;
    }
    *task = copy;
    CUstream stream;
    pthread_mutex_lock(&sim_lock);
    result = sim_find_stream(handle, context, &stream);
    if (result == CUDA_SUCCESS) {
        struct sim_point point = sim_submit(stream, run_copy, task, NULL);
        if (wait) sim_await(point);
        if (wait) result = context->error;
    } else {
        free(task->staged);
        free(task);
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

static CUresult to_device(CUdeviceptr to, const void *from, size_t bytes, CUstream stream, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS || bytes == 0) return result;
    struct copy copy = {.to = sim_backing(to, bytes), .from = from, .bytes = bytes, .to_device = true};
    if (copy.to == NULL || from == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    bool pinned = sim_is_pinned(from);
    pthread_mutex_unlock(&sim_lock);
    if (!wait && !pinned) {
        copy.from = copy.staged = malloc(bytes);
        if (copy.staged == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
        memcpy(copy.staged, from, bytes);
    }
    return submit(copy, stream, wait);
}

static CUresult to_host(void *to, CUdeviceptr from, size_t bytes, CUstream stream, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS || bytes == 0) return result;
    struct copy copy = {.to = to, .from = sim_backing(from, bytes), .bytes = bytes};
    if (to == NULL || copy.from == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    bool pinned = sim_is_pinned(to);
    pthread_mutex_unlock(&sim_lock);
    return submit(copy, stream, wait || !pinned);
}

static CUresult within_device(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS || bytes == 0) return result;
    struct copy copy = {.to = sim_backing(to, bytes), .from = sim_backing(from, bytes), .bytes = bytes, .to_device = true};
    copy.hangs = sim_find_fault("hang", "copy", sim_physical_device(context->device), -1, 1, SIM_ANY_SIZE);
    return copy.to != NULL && copy.from != NULL ? submit(copy, stream, wait) : CUDA_ERROR_INVALID_VALUE;
}

static CUresult fill(CUdeviceptr to, uint32_t value, size_t count, size_t width, CUstream stream, bool wait) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS || count == 0) return result;
    if (count > SIZE_MAX / width || to % width != 0) return CUDA_ERROR_INVALID_VALUE;
    struct copy copy = {.to = sim_backing(to, count * width), .bytes = count * width, .to_device = true, .width = width,
                        .value = value};
    return copy.to != NULL ? submit(copy, stream, wait) : CUDA_ERROR_INVALID_VALUE;
}

EXPORT CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes) {
    return to_device(to, from, bytes, NULL, true);
}

EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    return to_device(to, from, bytes, stream, false);
}

EXPORT CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes) {
    return to_host(to, from, bytes, NULL, true);
}

EXPORT CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    return to_host(to, from, bytes, stream, false);
}

EXPORT CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes) {
    return within_device(to, from, bytes, NULL, true);
}

EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream) {
    return within_device(to, from, bytes, stream, false);
}

EXPORT CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count) {
    return fill(to, value, count, 1, NULL, true);
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream) {
    return fill(to, value, count, 1, stream, false);
}

EXPORT CUresult cuMemsetD16_v2(CUdeviceptr to, unsigned short value, size_t count) {
    return fill(to, value, count, 2, NULL, true);
}

EXPORT CUresult cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream stream) {
    return fill(to, value, count, 2, stream, false);
}

EXPORT CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count) {
    return fill(to, value, count, 4, NULL, true);
}

EXPORT CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream) {
    return fill(to, value, count, 4, stream, false);
}
