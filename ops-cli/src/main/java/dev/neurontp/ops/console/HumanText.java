package dev.neurontp.ops.console;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Ages, sizes and text of other programs as a person reads them. */
public final class HumanText {
    private static final long KIB = 1024;

    private HumanText() {}

    /** How long ago {@code then} was; {@code -} for never. */
    public static String ago(Optional<Instant> then, Instant now) {
        return then.map(instant -> Durations.span(Duration.between(instant, now)) + " ago")
                .orElse("-");
    }

    /** A size in MiB; {@code -} where it is not known. */
    public static String mebibytes(Optional<Long> bytes) {
        return bytes.map(size -> size / (KIB * KIB) + " MiB").orElse("-");
    }

    /** What stands before the name of a state in a sentence: {@code is} ready, {@code has} failed. */
    public static String verb(String state) {
        return state.equals("failed") ? "has" : "is";
    }

    /** A word for a number of things. */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    /** Text of another program without what would steer a terminal: control characters become {@code ?}. */
    public static String plain(String text) {
        if (text == null) {
            return "";
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> plain.appendCodePoint(steers(c) ? '?' : c == '\t' ? ' ' : c));
        return plain.toString();
    }

    /** The same for text of several lines. */
    public static List<String> plainLines(String text) {
        return text == null ? List.of() : text.lines().map(HumanText::plain).toList();
    }

    private static boolean steers(int c) {
        return Character.getType(c) == Character.FORMAT || (Character.isISOControl(c) && c != '\t');
    }
}
