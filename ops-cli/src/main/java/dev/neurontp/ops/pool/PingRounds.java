package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.Daemon;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Round after round, each begun an interval after the one before. */
final class PingRounds {
    /** After one of these the next round may go well. */
    private static final Set<ErrorType> TEMPORARY =
            Set.of(ErrorType.BUSY, ErrorType.TOO_MANY_OPERATIONS, ErrorType.WRONG_STATE);

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final PoolRef found;
    private final Duration wait;
    private final PingReport report;

    PingRounds(PoolRef found, Duration wait, PingReport report) {
        this.found = found;
        this.wait = wait;
        this.report = report;
    }

    /** Runs {@code count} rounds, 0 for without end; whether none was lost. Throws when the pool or the daemon is lost. */
    boolean run(int count, Duration interval) throws InterruptedException {
        boolean well = true;
        for (int round = 1; count == 0 || round <= count; round++) {
            long began = System.nanoTime();
            well &= one();
            if (round != count) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos() - (System.nanoTime() - began));
            }
        }
        return well;
    }

    private boolean one() {
        report.asked();
        try {
            String path = found.path("/ping") + "?wait=" + Durations.format(wait);
            JsonNode json = Daemon.await(found.daemon().start("POST", path, null, wait.plus(GRACE)));
            OperationView operation = found.daemon().read(json, OperationView.class);
            if (operation.error().isPresent()) {
                throw new ApiErrorException(
                        found.daemon(), 200, operation.error().get());
            }
            if (operation.result().isEmpty()) {
                report.lost("no answer within " + Durations.measured(wait));
                return false;
            }
            report.answered(json, operation.result().get());
            return true;
        } catch (ApiErrorException e) {
            report.lost(e.is(ErrorType.POOL_FAILED) ? "the pool has failed" : e.getMessage());
            if (TEMPORARY.stream().anyMatch(e::is)) {
                return false;
            }
            report.sums();
            throw ApiErrors.explain(e);
        }
    }
}
