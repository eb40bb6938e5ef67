/* The lock and the condition of all records, the streams there are, and waiting for their work. */
#include "internal.h"

pthread_mutex_t sim_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t sim_changed = PTHREAD_COND_INITIALIZER;

CUstream sim_streams;

CUstream sim_new_stream(CUcontext context, unsigned flags) {
    CUstream stream = calloc(1, sizeof *stream);
    if (stream == NULL) return NULL;
    *stream = (struct CUstream_st){.context = context, .flags = flags, .next = sim_streams};
    sim_streams = stream;
    return stream;
}

/* 0, 1 and 2 stand for the null stream: legacy, and per thread (which is the same one here). */
CUresult sim_find_stream(CUstream handle, CUcontext context, CUstream *found) {
    if ((uintptr_t)handle <= 2) {
        *found = context->null_stream;
        return CUDA_SUCCESS;
    }
    for (CUstream stream = sim_streams; stream != NULL; stream = stream->next) {
        if (stream != handle || stream->destroyed) continue;
        *found = stream;
        return CUDA_SUCCESS;
    }
    return CUDA_ERROR_INVALID_HANDLE;
}

void sim_await(struct sim_point point) {
    while (point.stream->completed < point.number) pthread_cond_wait(&sim_changed, &sim_lock);
}

void sim_await_context(CUcontext context) {
    for (CUstream stream = sim_streams; stream != NULL; stream = stream->next) {
        if (stream->context == context) sim_await((struct sim_point){stream, stream->submitted});
    }
}

bool sim_context_idle(CUcontext context) {
    for (CUstream stream = sim_streams; stream != NULL; stream = stream->next) {
        if (stream->context == context && stream->completed < stream->submitted) return false;
    }
    return true;
}
