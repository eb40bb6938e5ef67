package dev.neurontp.harness.time;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as text: what settings, options and requests hold, and what a person reads. */
public final class Durations {
    private static final Pattern SHAPE = Pattern.compile("([0-9]+)(ms|s|m|h)");
    /** Beyond that a number counts as this one, which is longer than anything is waited for. */
    private static final int MOST_DIGITS = 9;

    private static final long LARGEST = 999_999_999;
    private static final long MILLIS_BELOW = 1000;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private Durations() {}

    /** Reads {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h}; empty when {@code text} is no whole number with a unit. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = number(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=[0-9])", "");
        return significant.length() > MOST_DIGITS ? LARGEST : Long.parseLong(significant);
    }

    /** What {@link #parse} reads: in the largest unit that loses nothing, at least milliseconds. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0 || millis == 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** Milliseconds with a fraction. */
    public static double millis(Duration duration) {
        return duration.getSeconds() * MILLIS_PER_SECOND + duration.getNano() / NANOS_PER_MILLI;
    }

    /** For a message: {@code 0.35 ms}, {@code 12 ms}, {@code 4.2 s}, {@code 120 s}. */
    public static String time(Duration duration) {
        long millis = duration.toMillis();
        if (Math.abs(millis) < 1) {
            return String.format(Locale.ROOT, "%.2f ms", millis(duration));
        }
        if (Math.abs(millis) < MILLIS_BELOW) {
            return millis + " ms";
        }
        double seconds = duration.getSeconds() + duration.getNano() / NANOS_PER_SECOND;
        return seconds == Math.rint(seconds)
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** Whole seconds: {@code 12 s}. */
    public static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }

    /** A measured time, with as many digits as mean something: {@code 0.41 ms}, {@code 58.0 ms}, {@code 61.23 s}. */
    public static String measured(Duration duration) {
        return measured(millis(duration));
    }

    /** The same of milliseconds. */
    public static String measured(double millis) {
        if (millis < MILLIS_BELOW) {
            return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.1f ms", millis);
        }
        return String.format(Locale.ROOT, "%.2f s", millis / 1000);
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
}
