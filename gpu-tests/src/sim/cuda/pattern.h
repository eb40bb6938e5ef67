/* The two kernels of the worker, as their parameters describe one launch. */
#ifndef SIM_CUDA_PATTERN_H
#define SIM_CUDA_PATTERN_H

#include "internal.h"

#define SIM_PATTERN_PARAMETERS 11
extern const size_t sim_pattern_sizes[SIM_PATTERN_PARAMETERS];

struct sim_pattern {
    bool checks, misses;
    uint64_t address, count, seed, block, offset, most;
    uint32_t first, ranks, bytes, format;
    uint64_t last; /* what the bits are XORed with, or where the result goes */
};

void sim_read_pattern(struct sim_pattern *into, void **parameters);
CUresult sim_run_pattern(void *pattern); /* frees it */

#endif
