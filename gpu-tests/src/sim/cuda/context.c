/* Contexts: one primary context per device, with a reference count, and others. */
#include "internal.h"

static CUcontext contexts;
static CUcontext primary[SIM_MAX_DEVICES];
static unsigned retained[SIM_MAX_DEVICES];
static unsigned primary_flags[SIM_MAX_DEVICES];

static bool is_context(CUcontext context) {
    for (CUcontext known = contexts; known != NULL; known = known->next) {
        if (known == context) return true;
    }
    return false;
}

static CUcontext new_context(int device, bool is_primary, unsigned flags) {
    CUcontext context = calloc(1, sizeof *context);
    if (context == NULL) return NULL;
    *context = (struct CUctx_st){.device = device, .primary = is_primary, .alive = true, .flags = flags, .next = contexts};
    contexts = context;
    context->null_stream = sim_new_stream(context, 0);
    return context;
}

/* Work that still runs keeps its memory: better lost than pulled away under it. */
static void end_context(CUcontext context) {
    context->alive = false;
    if (sim_context_idle(context)) sim_free_context_memory(context);
}

static CUresult check_device(CUdevice device) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    return device >= 0 && device < sim_device_count() ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext *out, CUdevice device) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    if (out == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    if (primary[device] == NULL) primary[device] = new_context(device, true, primary_flags[device]);
    *out = primary[device];
    if (*out != NULL) retained[device]++;
    pthread_mutex_unlock(&sim_lock);
    return *out != NULL ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    if (retained[device] == 0) result = CUDA_ERROR_INVALID_CONTEXT;
    else if (--retained[device] == 0) {
        end_context(primary[device]);
        primary[device] = NULL;
    }
    pthread_mutex_unlock(&sim_lock);
    return result;
}

EXPORT CUresult cuDevicePrimaryCtxReset_v2(CUdevice device) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    if (primary[device] != NULL) {
        end_context(primary[device]);
        primary[device] = NULL;
        retained[device] = 0;
    }
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice device, unsigned flags) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    primary_flags[device] = flags;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxGetState(CUdevice device, unsigned *flags, int *active) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    if (flags == NULL || active == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    *flags = primary_flags[device];
    *active = primary[device] != NULL;
    pthread_mutex_unlock(&sim_lock);
    return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxPushCurrent_v2(CUcontext context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    bool known = is_context(context);
    pthread_mutex_unlock(&sim_lock);
    if (!known) return CUDA_ERROR_INVALID_CONTEXT;
    return sim_push_current(context) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

EXPORT CUresult cuCtxPopCurrent_v2(CUcontext *context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    CUcontext top = sim_pop_current();
    if (top == NULL) return CUDA_ERROR_INVALID_CONTEXT;
    if (context != NULL) *context = top;
    return CUDA_SUCCESS;
}

/* Replaces the top of the stack; NULL takes it off. */
EXPORT CUresult cuCtxSetCurrent(CUcontext context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    CUcontext before = sim_pop_current();
    if (context == NULL) return CUDA_SUCCESS;
    result = cuCtxPushCurrent_v2(context);
    if (result != CUDA_SUCCESS && before != NULL) sim_push_current(before);
    return result;
}

EXPORT CUresult cuCtxGetCurrent(CUcontext *context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    if (context == NULL) return CUDA_ERROR_INVALID_VALUE;
    *context = sim_current();
    return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxGetDevice(CUdevice *device) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (device == NULL) return CUDA_ERROR_INVALID_VALUE;
    *device = context->device;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxCreate_v2(CUcontext *out, unsigned flags, CUdevice device) {
    CUresult result = check_device(device);
    if (result != CUDA_SUCCESS) return result;
    if (out == NULL) return CUDA_ERROR_INVALID_VALUE;
    pthread_mutex_lock(&sim_lock);
    *out = new_context(device, false, flags);
    pthread_mutex_unlock(&sim_lock);
    return *out != NULL ? cuCtxPushCurrent_v2(*out) : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT CUresult cuCtxDestroy_v2(CUcontext context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    bool ours = is_context(context) && context->alive && !context->primary;
    if (ours) end_context(context);
    pthread_mutex_unlock(&sim_lock);
    if (ours && sim_current() == context) sim_pop_current();
    return ours ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

/* Blocks until all work of the context is done: for ever behind a collective that never ends. */
EXPORT CUresult cuCtxSynchronize(void) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    pthread_mutex_lock(&sim_lock);
    sim_await_context(context);
    result = context->error;
    pthread_mutex_unlock(&sim_lock);
    return result;
}
