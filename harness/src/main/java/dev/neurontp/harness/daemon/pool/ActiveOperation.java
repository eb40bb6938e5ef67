package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The operation that is under way on a pool.
 *
 * @param id empty for a ping that the daemon sends by itself
 * @param limit how long it may take; at least 1 ms
 * @param unanswered the ranks that it has asked and that have not answered, in order
 * @param silence the same for a person, as {@code rank 1 on gpu-2 has not answered}; empty where all have, or none was asked
 */
public record ActiveOperation(
        OperationKind kind,
        Optional<String> id,
        Duration elapsed,
        Duration limit,
        List<Integer> unanswered,
        String silence) {
    ActiveOperation(OperationKind kind, Optional<String> id, Duration elapsed, Duration limit) {
        this(kind, id, elapsed, limit, List.of(), "");
    }

    /** The same with the ranks that have not answered by then. */
    ActiveOperation seen(PoolSnapshot now) {
        return new ActiveOperation(kind, id, elapsed, limit, now.unanswered(), silence(now));
    }

    private static String silence(PoolSnapshot now) {
        List<Integer> silent = now.unanswered();
        if (silent.isEmpty()) {
            return "";
        }
        if (silent.size() == now.worldSize()) {
            return "no rank has answered";
        }
        List<Optional<String>> hosts = now.ranks().stream()
                .filter(rank -> silent.contains(rank.rank()))
                .map(RankSnapshot::host)
                .toList();
        return Ranks.words(silent) + Ranks.on(hosts) + (silent.size() == 1 ? " has" : " have") + " not answered";
    }

    /** For a person: {@code init, 12 s of 120 s; rank 1 on gpu-2 has not answered}. */
    public String text() {
        return kind.label() + ", " + Durations.seconds(elapsed) + " of " + Durations.time(limit)
                + (silence.isEmpty() ? "" : "; " + silence);
    }
}
