package dev.neurontp.ops.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Times, sizes and foreign text as a person reads them. */
public final class HumanText {
    private static final long KIB = 1024;

    private HumanText() {}

    /** Milliseconds, with as many digits as mean something. */
    public static String millis(double millis) {
        if (millis < 1000) {
            return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.1f ms", millis);
        }
        return String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }

    /** A duration in milliseconds or seconds. */
    public static String time(Duration duration) {
        return millis(duration.toNanos() / 1e6);
    }

    /** A span in its two largest units: {@code 42 s}, {@code 3 min 5 s}, {@code 2 h 10 min}, {@code 4 d 1 h}. */
    public static String span(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds < 600 ? " " + seconds % 60 + " s" : "");
        }
        long hours = seconds / 3600;
        return hours < 24 ? hours + " h " + seconds % 3600 / 60 + " min" : hours / 24 + " d " + hours % 24 + " h";
    }

    /** How long ago {@code then} was; {@code -} for never. */
    public static String ago(Instant then, Instant now) {
        return then == null ? "-" : span(Duration.between(then, now)) + " ago";
    }

    /** A size in MiB; {@code -} where it is not known. */
    public static String mebibytes(Long bytes) {
        return bytes == null ? "-" : bytes / (KIB * KIB) + " MiB";
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
