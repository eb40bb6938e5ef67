package dev.neurontp.rpc;

import java.util.OptionalLong;

/** A number of the extensions that may be over u32: 0 to 2^63 - 1, as a string of decimal digits without leading zeros. */
final class DecimalString {
    private static final String FORM = "0|[1-9][0-9]{0,18}";

    private DecimalString() {}

    /**
     * Reads plain digits.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static long parse(String name, String text) {
        if (text.matches(FORM)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException _) {
                throw wrong(name, text);
            }
        }
        throw wrong(name, text);
    }

    /** The same, where an empty string is no number. */
    static OptionalLong parseOptional(String name, String text) {
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(parse(name, text));
    }

    static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "";
    }

    static void require(String name, long number) {
        if (number < 0) {
            throw new IllegalArgumentException(name + " is " + number + ": it must be between 0 and " + Long.MAX_VALUE);
        }
    }

    static void require(String name, OptionalLong number) {
        require(name, number.orElse(0));
    }

    private static IllegalArgumentException wrong(String name, String text) {
        return new IllegalArgumentException(name + " is '" + WireText.quotable(text)
                + "': it must be a string of decimal digits, 0 to " + Long.MAX_VALUE + ", without leading zeros");
    }
}
