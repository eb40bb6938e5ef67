package dev.neurontp.worker.collective;

/** A floating-point format of at most 16 bits, by its numbers of exponent and mantissa bits. */
enum SmallFloat {
    HALF(5, 10, true),
    BFLOAT16(8, 7, true),
    E4M3(4, 3, false),
    E5M2(5, 2, true);

    private final int mantissaBits;
    private final int exponentMask;
    private final int bias;
    private final boolean infinities;

    /**
     * A format with the usual bias.
     *
     * @param infinities false for e4m3, whose highest exponent holds numbers too, and one NaN
     */
    SmallFloat(int exponentBits, int mantissaBits, boolean infinities) {
        this.mantissaBits = mantissaBits;
        this.exponentMask = (1 << exponentBits) - 1;
        this.bias = exponentMask >> 1;
        this.infinities = infinities;
    }

    double toDouble(long bits) {
        int mantissaMask = (1 << mantissaBits) - 1;
        int mantissa = (int) bits & mantissaMask;
        int exponent = (int) (bits >> mantissaBits) & exponentMask;
        boolean negative = ((bits >> mantissaBits) & (exponentMask + 1)) != 0;
        double magnitude;
        if (exponent == exponentMask && (infinities || mantissa == mantissaMask)) {
            magnitude = infinities && mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((double) mantissa, 1 - bias - mantissaBits);
        } else {
            magnitude = Math.scalb((double) (mantissa | (1 << mantissaBits)), exponent - bias - mantissaBits);
        }
        return negative ? -magnitude : magnitude;
    }

    /** The nearest one, to even between two. What is too large or no number is infinite, or NaN where nothing is infinite. */
    long fromDouble(double number) {
        long sign = Double.doubleToRawLongBits(number) < 0 ? ((long) exponentMask + 1) << mantissaBits : 0;
        double magnitude = Math.abs(number);
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
        long steps = (long) Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
        long largest = infinities ? (long) exponentMask << mantissaBits : (1L << (Byte.SIZE - 1)) - 1;
        long bits = ((long) (exponent + bias - 1) << mantissaBits) + steps;
        return sign | ((Double.isFinite(magnitude) && bits < largest) ? bits : largest);
    }
}
