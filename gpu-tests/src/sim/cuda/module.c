/*
 * Modules. Nothing is compiled: a kernel is recognised by its name in the text, its parameters are compared with what is known of
 * it, and pattern.c does its work. refuse@module[:device]: the driver does not take the text.
 */
#include <stdio.h>

#include "internal.h"
#include "pattern.h"

struct CUfunc_st {
    CUmodule module;
    bool checks, parameters_fit;
};

/* Never freed, so that a late caller may still look at it. */
struct CUmod_st {
    bool loaded;
    char *text;
    struct CUfunc_st fill, check;
};

static const char *const names[] = {"neurontp_fill", "neurontp_check"};

/* The text behind the name of an entry; NULL where there is none of that name. */
static const char *entry(const char *text, const char *name) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, ".entry %s(", name);
    const char *at = strstr(text, wanted);
    return at != NULL ? at + strlen(wanted) : NULL;
}

/* Whether the list of an entry's parameters has as many as are known, each of its size. */
static bool parameters_fit(const char *list) {
    size_t count = 0;
    const char *end = strchr(list, ')');
    for (const char *at = strstr(list, ".param ."); at != NULL && at < end; at = strstr(at + 1, ".param .")) {
        const char *type = at + strlen(".param .");
        if (count == SIM_PATTERN_PARAMETERS || (*type != 'u' && *type != 'b')) return false;
        if (strtoul(type + 1, NULL, 10) != 8 * sim_pattern_sizes[count++]) return false;
    }
    return count == SIM_PATTERN_PARAMETERS;
}

EXPORT CUresult cuModuleLoadData(CUmodule *module, const void *image) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (module == NULL || image == NULL) return CUDA_ERROR_INVALID_VALUE;
    int device = sim_physical_device(context->device);
    if (sim_find_fault("refuse", "module", device, -1, 1, SIM_ANY_SIZE)) return CUDA_ERROR_INVALID_PTX;
    const char *text = image;
    if (strstr(text, ".version ") == NULL || strstr(text, ".target ") == NULL) return CUDA_ERROR_INVALID_IMAGE;
    struct CUmod_st *made = calloc(1, sizeof *made);
    if (made == NULL || (made->text = strdup(text)) == NULL) {
        free(made);
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    made->loaded = true;
    *module = made;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (function == NULL || name == NULL) return CUDA_ERROR_INVALID_VALUE;
    if (module == NULL || !module->loaded) return CUDA_ERROR_INVALID_HANDLE;
    for (int checks = 0; checks < 2; checks++) {
        const char *list = strcmp(name, names[checks]) == 0 ? entry(module->text, name) : NULL;
        if (list == NULL) continue;
        struct CUfunc_st *found = checks ? &module->check : &module->fill;
        *found = (struct CUfunc_st){module, checks, parameters_fit(list)};
        *function = found;
        return CUDA_SUCCESS;
    }
    return CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuModuleUnload(CUmodule module) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (module == NULL || !module->loaded) return CUDA_ERROR_INVALID_HANDLE;
    module->loaded = false;
    free(module->text);
    module->text = NULL;
    return CUDA_SUCCESS;
}

EXPORT CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                               unsigned block_y, unsigned block_z, unsigned shared_bytes, CUstream handle,
                               void **parameters, void **extra) {
    CUcontext context;
    CUresult result = sim_enter(&context);
    if (result != CUDA_SUCCESS) return result;
    if (function == NULL || !function->module->loaded) return CUDA_ERROR_INVALID_HANDLE;
    bool one_dimension = grid_y == 1 && grid_z == 1 && block_y == 1 && block_z == 1;
    if (grid_x == 0 || block_x == 0 || block_x > 1024 || !one_dimension || shared_bytes != 0 || extra != NULL ||
        parameters == NULL || !function->parameters_fit)
        return CUDA_ERROR_INVALID_VALUE;
    struct sim_pattern *task = malloc(sizeof *task);
    if (task == NULL) return CUDA_ERROR_OUT_OF_MEMORY;
    /* Like the real one: they may change once this call has returned. */
    sim_read_pattern(task, parameters);
    task->checks = function->checks;
    task->misses = sim_find_fault("miss", "kernel", sim_physical_device(context->device), -1, 1, SIM_ANY_SIZE);
    CUstream stream;
    pthread_mutex_lock(&sim_lock);
    result = sim_find_stream(handle, context, &stream);
    if (result == CUDA_SUCCESS) sim_submit(stream, sim_run_pattern, task, NULL);
    pthread_mutex_unlock(&sim_lock);
    if (result != CUDA_SUCCESS) free(task);
    return result;
}
