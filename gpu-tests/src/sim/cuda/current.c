/* Which context is current: each thread has a stack of them, and the top one is. */
#include "internal.h"

#define STACK_DEPTH 32

static _Thread_local CUcontext stack[STACK_DEPTH];
static _Thread_local int depth; /* stack[depth - 1] is current */

CUcontext sim_current(void) { return depth > 0 ? stack[depth - 1] : NULL; }

bool sim_push_current(CUcontext context) {
    if (depth == STACK_DEPTH) return false;
    stack[depth++] = context;
    return true;
}

CUcontext sim_pop_current(void) { return depth > 0 ? stack[--depth] : NULL; }

CUresult sim_enter(CUcontext *context) {
    CUresult result = sim_check_init();
    if (result != CUDA_SUCCESS) return result;
    *context = sim_current();
    if (*context == NULL) return CUDA_ERROR_INVALID_CONTEXT;
    pthread_mutex_lock(&sim_lock);
    result = (*context)->alive ? (*context)->error : CUDA_ERROR_CONTEXT_IS_DESTROYED;
    pthread_mutex_unlock(&sim_lock);
    return result;
}
