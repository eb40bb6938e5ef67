package dev.neurontp.ops.client;

import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Waits for a pool's first answers longer than a daemon lets anybody wait at once. */
public final class FirstAnswers {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(10);
    /** For an answer to come after the wait in the daemon. */
    public static final Duration GRACE = Duration.ofSeconds(2);

    private FirstAnswers() {}

    /** How much of {@code timeout} the daemon can be asked to wait in one request: ten minutes at most. */
    public static Duration inOneRequest(Duration timeout) {
        return timeout.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : timeout;
    }

    /**
     * Waits for those of a pool whose start was answered.
     *
     * @param created the pool as the daemon has described it
     * @param more how much longer to wait; for nothing where it is zero
     * @return the pool as it is then
     * @throws ApiErrorException when it has failed meanwhile
     */
    public static JsonNode later(Daemon daemon, JsonNode created, Duration more) {
        PoolView pool = daemon.read(created, PoolView.class);
        Optional<String> spawn = pool.busy().flatMap(PoolSummary.Busy::operation);
        String path = "/pools/" + PathSegment.of(pool.id());
        boolean over = spawn.isEmpty();
        Duration left = more;
        while (!over && left.isPositive()) {
            Duration wait = inOneRequest(left);
            left = left.minus(wait);
            String asked = path + "/operations/" + PathSegment.of(spawn.get()) + "?wait=" + Durations.format(wait);
            OperationView operation = daemon.read(daemon.get(asked, wait.plus(GRACE)), OperationView.class);
            if (operation.error().isPresent()) {
                throw new ApiErrorException(daemon, 200, operation.error().get());
            }
            over = operation.finished();
        }
        return more.isPositive() ? daemon.get(path, LOOK) : created;
    }
}
