/* Streams. Each has a thread of its own, so what is queued really runs at the same time as the caller. */
#include "internal.h"

/* With sim_lock held on success. */
static CUresult enter_stream(CUstream handle, CUstream *stream) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    result = sim_find_stream(handle, context, stream);
    if (result != CUDA_SUCCESS) pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuStreamCreateWithPriority(CUstream *out, unsigned flags, int priority) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (out == NULL || flags > CU_STREAM_NON_BLOCKING) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    *out = sim_new_stream(context, flags);
    if (*out != NULL) (*out)->priority = priority;
    pthread_mutex_unlock(&sim_lock);
    return *out != NULL ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT CUresult cuStreamCreate(CUstream *out, unsigned flags) { return cuStreamCreateWithPriority(out, flags, 0); }

/* Returns at once; what is queued still runs. */
EXPORT CUresult cuStreamDestroy_v2(CUstream handle) {
    CUstream stream;
    if ((uintptr_t)handle <= 2) return CUDA_ERROR_INVALID_HANDLE;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    stream->destroyed = true;
    pthread_cond_broadcast(&sim_changed);
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamQuery(CUstream handle) {
    CUstream stream;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    bool busy = stream->completed < stream->submitted;
    if (stream == stream->context->null_stream) {
        for (CUstream other = sim_streams; other != NULL; other = other->next) {
            if (other->context == stream->context && !(other->flags & CU_STREAM_NON_BLOCKING))
                busy |= other->completed < other->submitted;
        }
    }
    result = stream->context->error;
    pthread_mutex_unlock(&sim_lock);
    return result != CUDA_SUCCESS ? result : busy ? CUDA_ERROR_NOT_READY : CUDA_SUCCESS;
}

EXPORT CUresult cuStreamSynchronize(CUstream handle) {
    CUstream stream;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    /* An empty piece of work on the null stream waits for all that it is ordered behind. */
    bool null_stream = stream == stream->context->null_stream;
    sim_await(null_stream ? sim_submit(stream, NULL, NULL, NULL) : (struct sim_point){stream, stream->submitted});
    result = stream->context->error;
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuStreamGetFlags(CUstream handle, unsigned *flags) {
    CUstream stream;
    if (flags == NULL) return CUDA_ERROR_INVALID_VALUE;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    *flags = stream->flags;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamGetPriority(CUstream handle, int *priority) {
    CUstream stream;
    if (priority == NULL) return CUDA_ERROR_INVALID_VALUE;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    *priority = stream->priority;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamGetCtx(CUstream handle, CUcontext *context) {
    CUstream stream;
    if (context == NULL) return CUDA_ERROR_INVALID_VALUE;
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) return result;
    *context = stream->context;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

struct host_call {
    CUhostFn call;
    void *argument;
};

static CUresult call_host(void *argument) {
    struct host_call call = *(struct host_call *)argument;
    free(argument);
    call.call(call.argument);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuLaunchHostFunc(CUstream handle, CUhostFn function, void *argument) {
    CUstream stream;
    if (function == NULL) return CUDA_ERROR_INVALID_VALUE;
    struct host_call *call = malloc(sizeof *call);
    if (call == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    *call = (struct host_call){function, argument};
    CUresult result = enter_stream(handle, &stream);
    if (result != CUDA_SUCCESS) {
        free(call);
        return result;
    }
    sim_submit(stream, call_host, call, NULL);
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}
