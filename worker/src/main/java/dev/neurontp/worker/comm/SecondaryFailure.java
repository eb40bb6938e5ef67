package dev.neurontp.worker.comm;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises the error of a rank that failed because another rank did: it waited for the others in vain, or its link to
 * one of them broke. A leader that has the reports of all ranks looks for the root cause among those with another
 * error, or none.
 */
public final class SecondaryFailure {
    /** How the error of a rank begins that did its own part and timed out. */
    public static final String WAITED = "timed out waiting for the other ranks";

    /** NCCL's name for a link to a rank that is gone; a rank that gives up breaks its links, too. */
    public static final String LINK_LOST = "ncclRemoteError";

    private static final Pattern PROGRESS =
            Pattern.compile("has entered ([0-9]{1,18}) collectives of its group and finished ([0-9]{1,18})");

    /**
     * How far a rank came in its group, by its own account.
     *
     * @param entered collectives that it has put on its device
     * @param finished those of them that its device has done
     */
    public record Progress(long entered, long finished) implements Comparable<Progress> {
        /** As it stands in an error. */
        public String words() {
            return "has entered " + entered + " collectives of its group and finished " + finished;
        }

        /** Who is behind comes first. */
        @Override
        public int compareTo(Progress other) {
            return entered == other.entered
                    ? Long.compare(finished, other.finished)
                    : Long.compare(entered, other.entered);
        }
    }

    private SecondaryFailure() {}

    /** For the end of such an error: how long it may wait, as in {@code 4.0 s are allowed}. */
    public static String allowed(Duration limit) {
        long millis = limit.toMillis();
        return (millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1e3)) + " are allowed";
    }

    /** How far the rank came, where its error says so. */
    public static Optional<Progress> progress(String message) {
        Matcher said = PROGRESS.matcher(message);
        return said.find()
                ? Optional.of(new Progress(Long.parseLong(said.group(1)), Long.parseLong(said.group(2))))
                : Optional.empty();
    }

    /** Whether a rank's error message says so. */
    public static boolean says(String message) {
        return message.contains(WAITED) || message.contains(LINK_LOST);
    }
}
