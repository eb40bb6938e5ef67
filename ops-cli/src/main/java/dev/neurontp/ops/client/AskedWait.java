package dev.neurontp.ops.client;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;

/** Whether a daemon has waited as long as it was asked to, before it said that something is not over. */
public final class AskedWait {
    /** The clocks of two hosts do not run alike. */
    private static final int PART = 10;

    private AskedWait() {}

    /** Whether that time has passed. */
    public static boolean isOver(Duration asked, Duration waited) {
        return waited.plus(asked.dividedBy(PART)).compareTo(asked) >= 0;
    }

    /** What is to be said where it has not. */
    public static String early(Daemon daemon, Duration asked, Duration waited) {
        return "the daemon at " + daemon + " answered after " + Durations.measured(waited)
                + " and before the end, and was asked to wait for " + Durations.measured(asked);
    }

    /** How long ago {@link System#nanoTime} was {@code nanos}. */
    public static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
