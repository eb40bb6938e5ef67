package dev.neurontp.rpc;

/** The contract's only number: an unsigned 32-bit integer (O2), kept in a {@code long}. */
public final class U32 {
    public static final long MAX = 0xFFFF_FFFFL;

    private static final int MAX_DIGITS = 10;

    private U32() {}

    /** Returns {@code value}, or throws when it is not between 0 and 4294967295. */
    public static long require(String name, long value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be between 0 and " + MAX);
        }
        return value;
    }

    /**
     * Reads plain decimal digits: no sign, no fraction, no exponent.
     *
     * @throws NumberFormatException with the value and the rule
     */
    public static long parse(String name, String text) {
        if (!isDigits(text)) {
            throw new NumberFormatException(
                    name + " is '" + WireText.quotable(text) + "': it must be a decimal number between 0 and " + MAX);
        }
        int firstDigit = 0;
        while (firstDigit < text.length() - 1 && text.charAt(firstDigit) == '0') {
            firstDigit++;
        }
        String significant = text.substring(firstDigit);
        if (significant.length() > MAX_DIGITS || Long.parseLong(significant) > MAX) {
            throw new NumberFormatException(
                    name + " is " + WireText.quotable(text) + ": it must be between 0 and " + MAX);
        }
        return Long.parseLong(significant);
    }

    /** A loop, not a stream: every worker start runs this, and streams would cost it milliseconds. */
    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
