package dev.neurontp.harness.time;

import java.time.Duration;
import java.util.Locale;

/** Numbers as an operator reads them. */
public final class Durations {
    private static final long MILLIS_BELOW = 1000;
    private static final double NANOS_A_SECOND = 1e9;
    private static final double NANOS_A_MILLI = 1e6;

    private Durations() {}

    /** {@code 0.35 ms}, {@code 12 ms}, {@code 4.2 s}, {@code 120 s}. */
    public static String time(Duration duration) {
        long millis = duration.toMillis();
        if (Math.abs(millis) < 1) {
            return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / NANOS_A_MILLI);
        }
        if (Math.abs(millis) < MILLIS_BELOW) {
            return millis + " ms";
        }
        double seconds = duration.toNanos() / NANOS_A_SECOND;
        return seconds == Math.rint(seconds)
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** Whole seconds, for a busy line. */
    public static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
