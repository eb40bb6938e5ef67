/* The queue of a stream and the thread that works it off. */
#include "internal.h"

static void *work_off(void *argument) {
    CUstream stream = argument;
    pthread_mutex_lock(&sim_lock);
    for (;;) {
        while (stream->first == NULL) {
            if (stream->destroyed) {
                pthread_mutex_unlock(&sim_lock);
                return NULL;
            }
            pthread_cond_wait(&sim_changed, &sim_lock);
        }
        struct sim_task *task = stream->first;
        for (size_t i = 0; i < task->after_count; i++) sim_await(task->after[i]);
        pthread_mutex_unlock(&sim_lock);
        CUresult result = task->work != NULL ? task->work(task->argument) : CUDA_SUCCESS;
        pthread_mutex_lock(&sim_lock);
        if (result != CUDA_SUCCESS && stream->context->error == CUDA_SUCCESS) stream->context->error = result;
        stream->first = task->next;
        stream->completed++;
        free(task->after);
        free(task);
        pthread_cond_broadcast(&sim_changed);
    }
}

static void add_point(struct sim_task *task, CUstream stream) {
    if (stream->completed < stream->submitted)
        task->after[task->after_count++] = (struct sim_point){stream, stream->submitted};
}

/* Work on the null stream waits for all blocking streams of its context, and theirs for the null stream's. */
static void order_by_null_stream(struct sim_task *task, CUstream stream) {
    if (stream->flags & CU_STREAM_NON_BLOCKING) return;
    CUstream null_stream = stream->context->null_stream;
    if (stream != null_stream) {
        add_point(task, null_stream);
        return;
    }
    for (CUstream other = sim_streams; other != NULL; other = other->next) {
        if (other != stream && other->context == stream->context && !(other->flags & CU_STREAM_NON_BLOCKING))
            add_point(task, other);
    }
}

struct sim_point sim_submit(CUstream stream, CUresult (*work)(void *), void *argument, const struct sim_point *after) {
    size_t streams = 2;
    for (CUstream other = sim_streams; other != NULL; other = other->next) streams++;
    struct sim_task *task = calloc(1, sizeof *task);
    struct sim_point *points = calloc(streams, sizeof *points);
    if (task == NULL || points == NULL) abort();
    *task = (struct sim_task){.work = work, .argument = argument, .after = points};
    if (after != NULL) task->after[task->after_count++] = *after;
    order_by_null_stream(task, stream);
    if (stream->first == NULL) stream->first = task;
    else stream->last->next = task;
    stream->last = task;
    struct sim_point point = {stream, ++stream->submitted};
    if (!stream->started) stream->started = sim_start_thread(work_off, stream);
    if (!stream->started) abort();
    pthread_cond_broadcast(&sim_changed);
    return point;
}
