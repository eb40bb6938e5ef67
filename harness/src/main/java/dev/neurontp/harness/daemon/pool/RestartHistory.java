package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The restarts that led to a pool. Immutable.
 *
 * @param count all of them, also those by hand
 * @param automatic when the newest ones were that the daemon did by itself, by {@link System#nanoTime}: a clock that jumps
 *     changes nothing
 * @param of the id of the pool whose place it takes; empty where that was not restarted
 */
record RestartHistory(int count, List<Long> automatic, Optional<String> of) {
    static final RestartHistory NONE = new RestartHistory(0, List.of(), Optional.empty());

    private static final int MOST = 4;
    /** Before the first, the second and so on: what is away for a moment, a host or its sshd, shall be back before they are used up. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20));

    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** The limit, for a person. */
    static final String LIMIT = MOST + " restarts in " + Durations.span(WINDOW);

    RestartHistory {
        automatic = List.copyOf(automatic);
    }

    /** How long to wait before the newest of those that nobody asked for. */
    Duration pause() {
        return PAUSES.get(Math.clamp(automatic.size() - 1, 0, PAUSES.size() - 1));
    }

    /** With one more that somebody asked for. */
    RestartHistory byHand(String pool) {
        return new RestartHistory(count + 1, automatic, Optional.of(pool));
    }

    /** Where the newest, which nobody asked for, was refused: it has led to no pool, and counts for the pauses and the limit. */
    RestartHistory refused() {
        return new RestartHistory(count - 1, automatic, of);
    }

    /** With one more that nobody asked for; empty where there were too many. */
    Optional<RestartHistory> byItself(String pool, long nowNanos) {
        List<Long> recent = automatic.stream()
                .filter(at -> nowNanos - at < WINDOW.toNanos())
                .toList();
        return recent.size() < MOST
                ? Optional.of(new RestartHistory(
                        count + 1,
                        Stream.concat(recent.stream(), Stream.of(nowNanos)).toList(),
                        Optional.of(pool)))
                : Optional.empty();
    }
}
