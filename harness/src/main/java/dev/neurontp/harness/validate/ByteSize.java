package dev.neurontp.harness.validate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes with binary letters, as in nccl-tests: 1K is 1024. */
public final class ByteSize {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})([KMGT]?)(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String LETTERS = "KMGT";
    private static final int STEP = 10;

    private ByteSize() {}

    /**
     * Reads such as {@code 8}, {@code 64K}, {@code 1G}.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    public static long parse(String text) {
        Matcher match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is no size: it must be a number of bytes, with K, M, G or T for 1024 and its powers");
        }
        long number = Long.parseLong(match.group(1));
        int shift = STEP * (LETTERS.indexOf(match.group(2).toUpperCase(Locale.ROOT)) + 1);
        if (match.group(2).isEmpty()) {
            shift = 0;
        }
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is too large for a size in bytes");
        }
        return number << shift;
    }

    /** The same in the shortest exact form: {@code 1G}, {@code 1000}. */
    public static String format(long bytes) {
        long number = bytes;
        int letter = 0;
        while (letter < LETTERS.length() && number != 0 && number % (1 << STEP) == 0) {
            number >>= STEP;
            letter++;
        }
        return number + (letter == 0 ? "" : LETTERS.substring(letter - 1, letter));
    }
}
