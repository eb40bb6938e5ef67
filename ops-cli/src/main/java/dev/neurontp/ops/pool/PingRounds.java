package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Round after round, each begun an interval after the one before. */
final class PingRounds {
    /** Nobody was pinged then, and the next round may go well. */
    private static final Set<ErrorType> BUSY = Set.of(ErrorType.BUSY, ErrorType.TOO_MANY_OPERATIONS);

    /** May have come while the ranks were asked. */
    private static final Set<ErrorType> MEANWHILE =
            Set.of(ErrorType.POOL_FAILED, ErrorType.POOL_ENDED, ErrorType.INTERNAL);

    /** The status of an error of the operation itself: its ranks were asked. */
    private static final int OPERATION = 200;

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final PoolRef found;
    private final Duration wait;
    private final PingReport report;

    PingRounds(PoolRef found, Duration wait, PingReport report) {
        this.found = found;
        this.wait = wait;
        this.report = report;
    }

    /**
     * Runs {@code count} rounds, 0 for without end; the worst of what came of them as an exit code: a lost round, then a
     * busy pool. Throws when the pool or the daemon is lost.
     */
    int run(int count, Duration interval) throws InterruptedException {
        Set<Integer> codes = new HashSet<>();
        for (int round = 1; count == 0 || round <= count; round++) {
            long began = System.nanoTime();
            codes.add(one());
            if (round != count) {
                report.requireReader();
                TimeUnit.NANOSECONDS.sleep(interval.toNanos() - (System.nanoTime() - began));
            }
        }
        if (codes.contains(ExitCode.FAILED)) {
            return ExitCode.FAILED;
        }
        return codes.contains(ExitCode.TIMED_OUT) ? ExitCode.TIMED_OUT : ExitCode.OK;
    }

    private int one() {
        report.asked();
        try {
            String path = found.path("/ping") + "?wait=" + Durations.format(wait);
            JsonNode json = Daemon.await(found.daemon().start("POST", path, null, wait.plus(GRACE)));
            OperationView operation = found.daemon().read(json, OperationView.class);
            if (operation.error().isPresent()) {
                throw new ApiErrorException(
                        found.daemon(), OPERATION, operation.error().get());
            }
            if (operation.result().isEmpty()) {
                report.lost("no answer within " + Durations.measured(wait) + OperationCall.silent(found));
                return ExitCode.FAILED;
            }
            report.answered(json, OperationCall.result(found, json));
            return ExitCode.OK;
        } catch (ApiErrorException e) {
            if (BUSY.stream().anyMatch(e::is)) {
                report.busy(e.getMessage());
                return ExitCode.TIMED_OUT;
            }
            if (MEANWHILE.stream().anyMatch(e::is) || e.status() == OPERATION) {
                report.lost(e.is(ErrorType.POOL_FAILED) ? "the pool has failed" : e.getMessage());
            } else {
                report.refused(e.getMessage());
            }
            if (e.is(ErrorType.WRONG_STATE)) {
                return ExitCode.FAILED;
            }
            report.sums();
            throw ApiErrors.explain(e);
        }
    }
}
