/*
 * The work of the worker's kernels, written from docs/wire-contract.md, "The data": elements are the lower bits of word(rank,
 * index), or remainder(word, most) + 1 as a number of a floating-point type, summed over some ranks.
 * miss@kernel[:device]: the check overlooks the first wrong element.
 */
#include "pattern.h"

const size_t sim_pattern_sizes[SIM_PATTERN_PARAMETERS] = {8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8};

void sim_read_pattern(struct sim_pattern *into, void **parameters) {
    void *const fields[SIM_PATTERN_PARAMETERS] = {
        &into->address, &into->count, &into->seed,  &into->block,  &into->offset, &into->most,
        &into->first,   &into->ranks, &into->bytes, &into->format, &into->last,
    };
    for (size_t i = 0; i < SIM_PATTERN_PARAMETERS; i++) memcpy(fields[i], parameters[i], sim_pattern_sizes[i]);
}

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t word(uint64_t seed, uint64_t rank, uint64_t index) {
    const uint64_t g = 0x9e3779b97f4a7c15u;
    return mix(mix(seed + g * (rank + 1)) + g * (index + 1));
}

/* The bits of an integer up to 2048 as a half. */
static uint64_t half(uint64_t number) {
    if (number == 0) return 0;
    int exponent = 63 - __builtin_clzll(number);
    uint64_t mantissa = exponent <= 10 ? number << (10 - exponent) : number >> (exponent - 10);
    return (uint64_t)(exponent + 15) << 10 | (mantissa & 0x3ff);
}

static uint64_t single(uint64_t number) {
    float value = (float)number;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t twice(uint64_t number) {
    double value = (double)number;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t element(const struct sim_pattern *p, uint64_t index) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < p->ranks; i++) {
        uint64_t w = word(p->seed, p->first + index / p->block + i, p->offset + index % p->block);
        sum += p->most == 0 ? w : w % p->most + 1;
    }
    switch (p->format) {
    case 1: return single(sum);
    case 2: return twice(sum);
    case 3: return half(sum);
    case 4: return single(sum) >> 16;
    default: return p->bytes == 8 ? sum : sum & ((1ull << 8 * p->bytes) - 1);
    }
}

static CUresult fill(const struct sim_pattern *p, char *content) {
    for (uint64_t i = 0; i < p->count; i++) {
        uint64_t bits = element(p, i) ^ p->last;
        memcpy(content + i * p->bytes, &bits, p->bytes); /* the lower bytes come first */
    }
    sim_written(content, p->count * p->bytes);
    return CUDA_SUCCESS;
}

static CUresult check(const struct sim_pattern *p, const char *content) {
    uint64_t *result = sim_backing(p->last, 2 * sizeof *result);
    if (result == NULL) return CUDA_ERROR_ILLEGAL_ADDRESS;
    bool misses = p->misses;
    for (uint64_t i = 0; i < p->count; i++) {
        uint64_t got = 0;
        memcpy(&got, content + i * p->bytes, p->bytes);
        if (got == element(p, i)) continue;
        if (!misses) {
            result[0]++;
            if (i < result[1]) result[1] = i;
        }
        misses = false;
    }
    return CUDA_SUCCESS;
}

CUresult sim_run_pattern(void *argument) {
    struct sim_pattern p = *(struct sim_pattern *)argument;
    free(argument);
    bool known = (p.bytes == 1 || p.bytes == 2 || p.bytes == 4 || p.bytes == 8) && p.format <= 4 && p.block > 0;
    if (!known || p.count > SIZE_MAX / 8) return CUDA_ERROR_LAUNCH_FAILED;
    char *content = sim_backing(p.address, p.count * p.bytes);
    if (content == NULL || p.address % p.bytes != 0) return CUDA_ERROR_ILLEGAL_ADDRESS;
    return p.checks ? check(&p, content) : fill(&p, content);
}
