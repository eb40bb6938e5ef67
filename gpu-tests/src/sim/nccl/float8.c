/* The two 8-bit floats. What is too large becomes the largest finite value, as CUDA's own conversions do it. */
#include "internal.h"

struct format {
    int fraction_bits, bias;
    float largest;
    uint8_t largest_code;
};

static const struct format e4m3 = {3, 7, 448, 0x7e}, e5m2 = {2, 15, 57344, 0x7b};

#define NOT_A_NUMBER 0x7f /* in both; e4m3 has no other, and no infinity */

static const struct format *format_of(int type) { return type == ncclFloat8e4m3 ? &e4m3 : &e5m2; }

static float power_of_two(int exponent) {
    uint32_t bits = (uint32_t)(exponent + 127) << 23;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

float sim_float8_to_float(int type, uint8_t code) {
    const struct format *format = format_of(type);
    int magnitude = code & 0x7f, exponent = magnitude >> format->fraction_bits;
    int fraction = magnitude & ((1 << format->fraction_bits) - 1);
    float value;
    if (magnitude == NOT_A_NUMBER || magnitude > format->largest_code + 1) value = __builtin_nanf("");
    else if (magnitude > format->largest_code) value = __builtin_inff();
    else if (exponent == 0) value = (float)fraction * power_of_two(1 - format->bias - format->fraction_bits);
    else value = (float)(fraction + (1 << format->fraction_bits))
        * power_of_two(exponent - format->bias - format->fraction_bits);
    return code & 0x80 ? -value : value;
}

/* To the nearest, ties to even. */
uint8_t sim_float_to_float8(int type, float value) {
    const struct format *format = format_of(type);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint8_t sign = bits >> 24 & 0x80;
    float size = sign ? -value : value;
    if (value != value) return sign | NOT_A_NUMBER;
    if (size >= format->largest) return sign | format->largest_code;
    int exponent = (int)(bits >> 23 & 0xff) - 127;
    if (exponent < 1 - format->bias) exponent = 1 - format->bias;
    float steps = size / power_of_two(exponent - format->fraction_bits);
    int code = (int)steps;
    float rest = steps - (float)code;
    if (rest > 0.5f || (rest == 0.5f && code % 2 == 1)) code++;
    /* The implicit leading one counts as one step of the exponent, and so does a fraction that was rounded up to two. */
    return sign | (uint8_t)(code + ((exponent + format->bias - 1) << format->fraction_bits));
}
