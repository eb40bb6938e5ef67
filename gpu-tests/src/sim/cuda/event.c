/* Events: a mark in a stream, with the time at which the stream passed it. */
#include <time.h>

#include "internal.h"

struct CUevent_st {
    unsigned flags;
    bool destroyed, recorded;
    struct sim_point point;
    struct timespec passed;
    CUevent next;
};

static CUevent events; /* never freed, like streams: a handle that was given back is refused, not followed */

static CUevent find(CUevent handle) {
    for (CUevent event = events; event != NULL; event = event->next) {
        if (event == handle && !event->destroyed) return event;
    }
    return NULL;
}

static CUresult stamp(void *argument) {
    CUevent event = argument;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&sim_lock);
    event->passed = now;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

static bool done(CUevent event) { return !event->recorded || event->point.stream->completed >= event->point.number; }

EXPORT CUresult cuEventCreate(CUevent *out, unsigned flags) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (out == NULL) return CUDA_ERROR_INVALID_VALUE;
    CUevent event = calloc(1, sizeof *event);
    if (event == NULL) abort();
    pthread_mutex_lock(&sim_lock);
    *event = (struct CUevent_st){.flags = flags, .next = events};
    events = event;
    pthread_mutex_unlock(&sim_lock);
    *out = event;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuEventDestroy_v2(CUevent handle) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    CUevent event = find(handle);
    if (event != NULL) event->destroyed = true;
    pthread_mutex_unlock(&sim_lock);
    return event != NULL ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

EXPORT CUresult cuEventRecord(CUevent handle, CUstream stream_handle) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    CUevent event = find(handle);
    CUstream stream;
    result = event != NULL ? sim_find_stream(stream_handle, context, &stream) : CUDA_ERROR_INVALID_HANDLE;
    if (result == CUDA_SUCCESS) {
        event->point = sim_submit(stream, stamp, event, NULL);
        event->recorded = true;
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    return flags == 0 ? cuEventRecord(event, stream) : CUDA_ERROR_NOT_SUPPORTED;
}

EXPORT CUresult cuEventQuery(CUevent handle) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    CUevent event = find(handle);
    result = event == NULL ? CUDA_ERROR_INVALID_HANDLE : done(event) ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuEventSynchronize(CUevent handle) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    CUevent event = find(handle);
    if (event == NULL) result = CUDA_ERROR_INVALID_HANDLE;
    else if (event->recorded) sim_await(event->point);
    if (result == CUDA_SUCCESS) result = context->error;
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuEventElapsedTime(float *milliseconds, CUevent from, CUevent to) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (milliseconds == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    CUevent first = find(from), second = find(to);
    bool usable = first != NULL && second != NULL && first->recorded && second->recorded
        && !((first->flags | second->flags) & CU_EVENT_DISABLE_TIMING);
    if (!usable) {
        result = CUDA_ERROR_INVALID_HANDLE;
    } else if (!done(first) || !done(second)) {
        result = CUDA_ERROR_NOT_READY;
    } else {
        double seconds = (double)(second->passed.tv_sec - first->passed.tv_sec);
        double nanoseconds = (double)(second->passed.tv_nsec - first->passed.tv_nsec);
        *milliseconds = (float)(seconds * 1e3 + nanoseconds / 1e6);
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuStreamWaitEvent(CUstream stream_handle, CUevent handle, unsigned flags) {
    CUcontext context;
    (void)flags;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    CUevent event = find(handle);
    CUstream stream;
    result = event != NULL ? sim_find_stream(stream_handle, context, &stream) : CUDA_ERROR_INVALID_HANDLE;
    if (result == CUDA_SUCCESS && event->recorded) sim_submit(stream, NULL, NULL, &event->point);
    pthread_mutex_unlock(&sim_lock);
    return result;
}
