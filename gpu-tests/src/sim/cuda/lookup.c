/* cuGetProcAddress: a function by its plain name gives its newest form, as programs that never name _v2 expect. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <stdio.h>

#include "internal.h"

static void *self(void) {
    Dl_info info;
    if (dladdr((void *)&cuInit, &info) == 0) return NULL;
    return dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
}

EXPORT CUresult cuGetProcAddress_v2(const char *symbol, void **function, int version, cuuint64_t flags,
                                    CUdriverProcAddressQueryResult *status) {
    (void)version;
    (void)flags;
    if (symbol == NULL || function == NULL) return CUDA_ERROR_INVALID_VALUE;
    static const char *const suffixes[] = {"_v3", "_v2", ""};
    void *library = self();
    *function = NULL;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && *function == NULL && library != NULL; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", symbol, suffixes[i]);
        *function = dlsym(library, name);
    }
    if (library != NULL) dlclose(library);
    if (status != NULL)
        *status = *function != NULL ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    return *function != NULL ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

EXPORT CUresult cuGetProcAddress(const char *symbol, void **function, int version, cuuint64_t flags) {
    return cuGetProcAddress_v2(symbol, function, version, flags, NULL);
}
