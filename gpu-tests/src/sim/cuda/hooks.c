/* What the NCCL stand-in takes from here. */
#include "../hooks.h"

#include "internal.h"

static int device(int *ordinal, int *physical) {
    CUresult result = cuInit(0);
    if (result != CUDA_SUCCESS) return result;
    CUcontext context = sim_current();
    if (*ordinal < 0) *ordinal = context != NULL ? context->device : 0;
    if (*ordinal >= sim_device_count()) return CUDA_ERROR_INVALID_DEVICE;
    *physical = sim_physical_device(*ordinal);
    return CUDA_SUCCESS;
}

static int resolve_stream(void *handle, void **resolved) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    CUstream stream = NULL;
    pthread_mutex_lock(&sim_lock);
    result = sim_find_stream(handle, context, &stream);
    pthread_mutex_unlock(&sim_lock);
    *resolved = stream;
    return result;
}

struct foreign_work {
    int (*work)(void *);
    void *argument;
};

static CUresult run_foreign(void *argument) {
    struct foreign_work work = *(struct foreign_work *)argument;
    free(argument);
    return (CUresult)work.work(work.argument);
}

static int enqueue(void *resolved, int (*work)(void *), void *argument) {
    struct foreign_work *task = malloc(sizeof *task);
    if (task == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    *task = (struct foreign_work){work, argument};
    pthread_mutex_lock(&sim_lock);
    sim_submit(resolved, run_foreign, task, NULL);
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

static void *backing(uint64_t address, size_t bytes) { return sim_backing(address, bytes); }

static const char *error_text(int result) {
    const char *text = NULL;
    return cuGetErrorString((CUresult)result, &text) == CUDA_SUCCESS ? text : "unrecognized error code";
}

EXPORT const struct sim_hooks *neurontp_simulation_hooks(void) {
    static const struct sim_hooks hooks = {
        SIM_HOOKS_VERSION, device, resolve_stream, enqueue, backing, sim_written, error_text,
    };
    return &hooks;
}
