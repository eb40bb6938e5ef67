/* Finds the CUDA stand-in when it is first needed: the one already loaded, or the file next to this library. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdio.h>

#include "internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const struct sim_hooks *hooks;

static void find(void) {
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    Dl_info here;
    if (library == NULL && dladdr((void *)&sim_cuda, &here) != 0) {
        char path[1024];
        const char *slash = strrchr(here.dli_fname, '/');
        int folder = slash != NULL ? (int)(slash - here.dli_fname) : 0;
        snprintf(path, sizeof path, "%.*s/libcuda.so.1", folder, here.dli_fname);
        library = dlopen(path, RTLD_NOW);
    }
    if (library == NULL) library = dlopen("libcuda.so.1", RTLD_NOW);
    if (library == NULL) {
        sim_fail(ncclSystemError, "no libcuda.so.1 loaded, next to libnccl.so.2 or on the loader's path");
        return;
    }
    const struct sim_hooks *(*get)(void) = NULL;
    *(void **)&get = dlsym(library, SIM_HOOKS_SYMBOL);
    if (get != NULL && get()->version == SIM_HOOKS_VERSION) hooks = get();
    else sim_fail(ncclSystemError, "libcuda.so.1 is not the simulated one that this simulated NCCL needs");
}

const struct sim_hooks *sim_cuda(void) {
    pthread_once(&once, find);
    return hooks;
}
