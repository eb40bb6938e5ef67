/* The arithmetic: every type is widened, combined in rank order, and narrowed once at the end. */
#include "internal.h"

enum width { SIGNED, UNSIGNED, SINGLE, DOUBLE };

struct sim_sum {
    int type, op;
    size_t count;
    bool empty;
    union {
        int64_t s;
        uint64_t u;
        float f;
        double d;
    } values[];
};

static const struct {
    size_t size;
    enum width width;
} types[SIM_TYPES] = {
    [ncclInt8] = {1, SIGNED},     [ncclUint8] = {1, UNSIGNED},  [ncclInt32] = {4, SIGNED},   [ncclUint32] = {4, UNSIGNED},
    [ncclInt64] = {8, SIGNED},    [ncclUint64] = {8, UNSIGNED}, [ncclFloat16] = {2, SINGLE}, [ncclFloat32] = {4, SINGLE},
    [ncclFloat64] = {8, DOUBLE},  [ncclBfloat16] = {2, SINGLE},
    [ncclFloat8e4m3] = {1, SINGLE}, [ncclFloat8e5m2] = {1, SINGLE},
};

size_t sim_type_size(int type) { return types[type].size; }

static float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    if (exponent == 0x1f) return float_of_bits(sign | 0x7f800000 | fraction << 13);
    if (exponent != 0) return float_of_bits(sign | (exponent + 112) << 23 | fraction << 13);
    float value = (float)fraction * 0x1p-24f;
    return sign != 0 ? -value : value;
}

/* To the nearest, ties to even. */
static uint16_t float_to_half(float value) {
    uint32_t bits = bits_of_float(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    uint32_t size = bits & 0x7fffffff;
    if (size > 0x7f800000) return sign | 0x7e00;
    if (size >= 0x477ff000) return sign | 0x7c00;
    if (size < 0x38800000) {
        /* Below the smallest normal half: adding 0.5 puts the wanted bits at the end of the fraction, rounded. */
        return sign | (uint16_t)(bits_of_float(float_of_bits(size) + 0.5f) - 0x3f000000);
    }
    return sign | (uint16_t)((size - 0x38000000 + 0xfff + (size >> 13 & 1)) >> 13);
}

static uint16_t float_to_bfloat(float value) {
    uint32_t bits = bits_of_float(value);
    if ((bits & 0x7fffffff) > 0x7f800000) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

struct sim_sum *sim_sum_start(int type, int op, size_t count) {
    struct sim_sum *sum = malloc(sizeof *sum + count * sizeof sum->values[0]);
    if (sum != NULL) *sum = (struct sim_sum){.type = type, .op = op, .count = count, .empty = true};
    return sum;
}

/* sum = sum op value; the unsigned detour makes signed overflow wrap. */
#define COMBINE(a, b, add, multiply)                                           \
    (first ? (b)                                                               \
           : op == ncclSum || op == ncclAvg ? (add)                            \
           : op == ncclProd                 ? (multiply)                       \
           : op == ncclMax                  ? ((a) > (b) ? (a) : (b))          \
                                            : ((a) < (b) ? (a) : (b)))

void sim_sum_add(struct sim_sum *sum, const void *values) {
    const bool first = sum->empty;
    const int op = sum->op;
    for (size_t i = 0; i < sum->count; i++) {
        int64_t s = 0;
        uint64_t u = 0;
        float f = 0;
        double d = 0;
        switch (sum->type) {
            case ncclInt8: s = ((const int8_t *)values)[i]; break;
            case ncclUint8: u = ((const uint8_t *)values)[i]; break;
            case ncclInt32: s = ((const int32_t *)values)[i]; break;
            case ncclUint32: u = ((const uint32_t *)values)[i]; break;
            case ncclInt64: s = ((const int64_t *)values)[i]; break;
            case ncclUint64: u = ((const uint64_t *)values)[i]; break;
            case ncclFloat16: f = half_to_float(((const uint16_t *)values)[i]); break;
            case ncclFloat32: f = ((const float *)values)[i]; break;
            case ncclFloat64: d = ((const double *)values)[i]; break;
            case ncclFloat8e4m3:
            case ncclFloat8e5m2: f = sim_float8_to_float(sum->type, ((const uint8_t *)values)[i]); break;
            default: f = float_of_bits((uint32_t)((const uint16_t *)values)[i] << 16); break;
        }
        int64_t as = sum->values[i].s;
        uint64_t au = sum->values[i].u;
        float af = sum->values[i].f;
        double ad = sum->values[i].d;
        switch (types[sum->type].width) {
            case SIGNED:
                sum->values[i].s = COMBINE(as, s, (int64_t)(au + (uint64_t)s), (int64_t)(au * (uint64_t)s));
                break;
            case UNSIGNED: sum->values[i].u = COMBINE(au, u, au + u, au * u); break;
            case SINGLE: sum->values[i].f = COMBINE(af, f, af + f, af * f); break;
            case DOUBLE: sum->values[i].d = COMBINE(ad, d, ad + d, ad * d); break;
        }
    }
    sum->empty = false;
}

/* An average of integers is the wrapped sum divided, cut towards zero. With nothing added, zeros. */
void sim_sum_finish(struct sim_sum *sum, void *values, int ranks) {
    if (sum->empty) memset(sum->values, 0, sum->count * sizeof sum->values[0]);
    const int by = sum->op == ncclAvg ? ranks : 1;
    for (size_t i = 0; i < sum->count; i++) {
        int64_t s = sum->values[i].s;
        uint64_t u = sum->values[i].u;
        float f = sum->values[i].f / (float)by;
        switch (sum->type) {
            case ncclInt8: ((int8_t *)values)[i] = (int8_t)((int8_t)s / by); break;
            case ncclUint8: ((uint8_t *)values)[i] = (uint8_t)((uint8_t)u / by); break;
            case ncclInt32: ((int32_t *)values)[i] = (int32_t)((int64_t)(int32_t)s / by); break;
            case ncclUint32: ((uint32_t *)values)[i] = (uint32_t)u / (uint32_t)by; break;
            case ncclInt64: ((int64_t *)values)[i] = by == 1 ? s : s / by; break;
            case ncclUint64: ((uint64_t *)values)[i] = u / (uint64_t)by; break;
            case ncclFloat16: ((uint16_t *)values)[i] = float_to_half(f); break;
            case ncclFloat32: ((float *)values)[i] = f; break;
            case ncclFloat64: ((double *)values)[i] = sum->values[i].d / by; break;
            case ncclFloat8e4m3:
            case ncclFloat8e5m2: ((uint8_t *)values)[i] = sim_float_to_float8(sum->type, f); break;
            default: ((uint16_t *)values)[i] = float_to_bfloat(f); break;
        }
    }
    free(sum);
}
