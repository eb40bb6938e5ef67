package dev.neurontp.ops.client;

import java.time.Duration;

/**
 * Times of a command that ends a pool and starts one in its place.
 *
 * @param firstAnswers how long the daemon waits for the new one's first answers in its answer; zero for not at all
 * @param later how much longer they are waited for after that
 * @param answer how long the answer of the daemon may take, the end of the old pool included
 */
public record ReplacementTimes(Duration firstAnswers, Duration later, Duration answer) {
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** The end of the old pool, where nobody has said how long all may take. */
    private static final Duration END = Duration.ofSeconds(20);
    /** So that the daemon can say that the new one has not come up. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** By {@code --timeout}, and whether the first answers are waited for. */
    public static ReplacementTimes of(ConnectOptions connect, boolean wait) {
        Duration timeout = connect.timeout().orElse(USUAL);
        Duration waited = FirstAnswers.inOneRequest(timeout);
        Duration more = connect.timeout().isEmpty() ? END : wait ? LAST_WORDS : Duration.ZERO;
        return wait
                ? new ReplacementTimes(waited, timeout.minus(waited), timeout.plus(more))
                : new ReplacementTimes(Duration.ZERO, Duration.ZERO, timeout.plus(more));
    }

    /** How long they are waited for in all. */
    public Duration whole() {
        return firstAnswers.plus(later);
    }
}
