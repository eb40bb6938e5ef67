package dev.neurontp.ops.client;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Waits for a pool's first answers longer than a daemon lets anybody wait at once. */
public final class FirstAnswers {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int OK = 200;
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
            OperationView operation =
                    OperationAnswer.read(daemon, daemon.get(asked, wait, GRACE), pool.id(), OperationView.Kind.SPAWN);
            if (operation.error().isPresent()) {
                throw new ApiErrorException(daemon, OK, operation.error().get());
            }
            over = operation.finished();
        }
        return more.isPositive() ? daemon.get(path, LOOK) : created;
    }

    /**
     * That pool, when it is up.
     *
     * @param asked how long it was to be waited for
     * @param waited how long that was
     * @throws ApiErrorException when it has failed
     * @throws CommandException when it is not up for another reason
     */
    public static JsonNode requireUp(Daemon daemon, JsonNode said, Duration asked, Duration waited) {
        PoolView pool = daemon.read(said, PoolView.class);
        PoolView.State state = PoolView.State.of(pool.state()).orElseThrow(() -> unknown(pool));
        return switch (state) {
            case READY, JOINING, JOINED -> said;
            case STARTING -> throw starting(daemon, pool, asked, waited);
            case FAILED -> throw new ApiErrorException(daemon, OK, failure(pool));
            case STOPPING, LOST, GONE -> throw ended(pool);
        };
    }

    private static CommandException starting(Daemon daemon, PoolView pool, Duration asked, Duration waited) {
        if (pool.launcher().isPresent() && pool.ranks().stream().allMatch(rank -> rank.pid() == 0)) {
            return SilentHosts.notHeard(pool.id(), pool.launcher().get(), null);
        }
        return new CommandException(
                ExitCode.TIMED_OUT,
                AskedWait.isOver(asked, waited)
                        ? "the pool " + pool.id() + " has not come up within " + Durations.time(asked)
                        : "the pool " + pool.id() + " is still being started; "
                                + AskedWait.early(daemon, asked, waited),
                "Wait for it: tpctl wait --for ready " + pool.id() + ". End it: tpctl kill " + pool.id()
                        + ". Give the next one longer with --timeout.");
    }

    private static ApiError failure(PoolView pool) {
        String reason = pool.reason().orElse("the pool " + pool.id() + " has failed");
        return pool.failure()
                .map(failure -> ApiError.of(ErrorType.POOL_FAILED, reason, ApiError.Detail.failure(failure)))
                .orElseGet(() -> ApiError.of(ErrorType.POOL_FAILED, reason));
    }

    private static CommandException ended(PoolView pool) {
        return new CommandException(
                ExitCode.FAILED,
                "the pool " + pool.id() + " is not up: its state is " + pool.state()
                        + pool.reason().map(reason -> " (" + reason + ")").orElse(""),
                "Somebody has ended it: tpctl events " + pool.id()
                        + " says when. To start another one by its plan: tpctl restart " + pool.id() + ".");
    }

    private static CommandException unknown(PoolView pool) {
        return new CommandException(
                ExitCode.FAILED,
                "whether the pool " + pool.id() + " is up is not known: its state is '"
                        + ForeignText.of(pool.state(), ForeignText.NAME) + "', which this tpctl does not know",
                ConnectionErrors.OTHER_API);
    }
}
