package dev.neurontp.ops.client;

import java.time.Duration;

/**
 * Times of a command that ends a pool and starts one in its place.
 *
 * @param firstAnswers how long the daemon waits for the new one's first answers; zero for not at all
 * @param answer how long the answer of the daemon may take, the end of the old pool included
 */
public record ReplacementTimes(Duration firstAnswers, Duration answer) {
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    /** The end of the old pool, where nobody has said how long all may take. */
    private static final Duration END = Duration.ofSeconds(20);
    /** So that the daemon can say that the new one has not come up. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** By {@code --timeout}, and whether the first answers are waited for. */
    public static ReplacementTimes of(ConnectOptions connect, boolean wait) {
        Duration timeout = connect.timeout().orElse(USUAL);
        Duration waited = timeout.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : timeout;
        Duration more = connect.timeout().isEmpty() ? END : wait ? LAST_WORDS : Duration.ZERO;
        return new ReplacementTimes(wait ? waited : Duration.ZERO, timeout.plus(more));
    }
}
