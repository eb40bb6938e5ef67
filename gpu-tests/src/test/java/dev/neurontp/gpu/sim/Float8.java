package dev.neurontp.gpu.sim;

/** The 8-bit floats, by going through all of their values. */
enum Float8 {
    /** Without infinities; the largest value is 448. */
    E4M3(3, 7, 0x7e),
    /** The upper half of an fp16; the largest finite value is 57344. */
    E5M2(2, 15, 0x7b);

    /** In both. */
    private static final byte NAN = 0x7f;

    private final int fractionBits;
    private final int bias;
    private final int largest;

    Float8(int fractionBits, int bias, int largest) {
        this.fractionBits = fractionBits;
        this.bias = bias;
        this.largest = largest;
    }

    float value(byte code) {
        int magnitude = code & 0x7f;
        if (this == E5M2) {
            return Float.float16ToFloat((short) (code << 8));
        }
        int exponent = magnitude >> fractionBits;
        float fraction = (magnitude & 7) / 8f;
        float size = exponent == 0 ? Math.scalb(fraction, 1 - bias) : Math.scalb(1 + fraction, exponent - bias);
        return magnitude == 0x7f ? Float.NaN : code < 0 ? -size : size;
    }

    /** Of the two neighbours the nearer, on a tie the even one; the largest for what is larger; NaN for NaN. */
    byte nearest(float value) {
        if (Float.isNaN(value)) {
            return NAN;
        }
        float size = Math.min(Math.abs(value), value((byte) largest));
        int best = 0;
        for (int code = 1; code <= largest; code++) {
            double distance = Math.abs((double) value((byte) code) - size);
            double least = Math.abs((double) value((byte) best) - size);
            if (distance < least || (distance == least && code % 2 == 0)) best = code;
        }
        boolean negative = Float.floatToRawIntBits(value) < 0;
        return (byte) (negative ? best | 0x80 : best);
    }
}
