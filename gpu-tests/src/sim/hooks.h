/* What the NCCL stand-in needs of the CUDA stand-in beyond the driver API. Found by the name SIM_HOOKS_SYMBOL. */
#ifndef SIM_HOOKS_H
#define SIM_HOOKS_H

#include <stddef.h>
#include <stdint.h>

#define SIM_HOOKS_SYMBOL "neurontp_simulation_hooks"
#define SIM_HOOKS_VERSION 2

struct sim_hooks {
    int version;
    /*
     * The device behind an ordinal (CUDA_VISIBLE_DEVICES); -1 asks for the calling thread's, which is 0 without a
     * context. A CUresult.
     */
    int (*device)(int *ordinal, int *physical);
    /* Turns a CUstream of the calling thread into something that enqueue takes on any thread. A CUresult. */
    int (*resolve_stream)(void *stream, void **resolved);
    /* Runs the work on the stream's thread once all before it is done. What work returns is a CUresult. */
    int (*enqueue)(void *resolved, int (*work)(void *), void *argument);
    /* Host memory behind device memory, or NULL where [address, address + bytes) is not inside one allocation. */
    void *(*backing)(uint64_t address, size_t bytes);
    /* After host memory behind device memory was written. */
    void (*written)(void *backing, size_t bytes);
    const char *(*error_text)(int result);
};

#endif
