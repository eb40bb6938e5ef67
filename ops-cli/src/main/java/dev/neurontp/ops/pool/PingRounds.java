package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.OperationAnswer;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
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

    /** Of rounds that were not begun, by exit code, the worst first. */
    private final NavigableMap<Integer, CommandException> refusals = new TreeMap<>();

    PingRounds(PoolRef found, Duration wait, PingReport report) {
        this.found = found;
        this.wait = wait;
        this.report = report;
    }

    /**
     * Runs {@code count} rounds, 0 for without end; the exit code where each was pinged.
     *
     * @throws CommandException when the pool or the daemon is lost, or, after all of them, when none was lost and one was refused
     */
    int run(int count, Duration interval) throws InterruptedException {
        boolean well = true;
        for (int round = 1; count == 0 || round <= count; round++) {
            long began = System.nanoTime();
            well &= one();
            if (round != count) {
                report.requireReader();
                TimeUnit.NANOSECONDS.sleep(interval.toNanos() - (System.nanoTime() - began));
            }
        }
        if (!well) {
            return ExitCode.FAILED;
        }
        if (refusals.isEmpty()) {
            return ExitCode.OK;
        }
        report.sums();
        throw refusals.firstEntry().getValue();
    }

    /** Whether it was not lost. */
    private boolean one() {
        report.asked();
        try {
            String path = found.path("/ping") + "?wait=" + Durations.format(wait);
            long since = System.nanoTime();
            JsonNode json = Daemon.await(found.daemon().start("POST", path, null, wait, GRACE));
            OperationView operation = OperationAnswer.read(found.daemon(), json, found.id(), OperationView.Kind.PING);
            if (operation.error().isPresent()) {
                throw new ApiErrorException(
                        found.daemon(), OPERATION, operation.error().get());
            }
            if (operation.result().isEmpty()) {
                report.lost(unanswered(AskedWait.since(since)) + OperationCall.silent(found));
                return false;
            }
            report.answered(json, OperationCall.result(found, json));
            return true;
        } catch (ApiErrorException e) {
            CommandException reason = ApiErrors.explain(e);
            if (BUSY.stream().anyMatch(e::is)) {
                report.busy(e.getMessage());
                refusals.put(reason.exitCode(), reason);
                return true;
            }
            if (MEANWHILE.stream().anyMatch(e::is) || e.status() == OPERATION) {
                report.lost(e.is(ErrorType.POOL_FAILED) ? "the pool has failed" : e.getMessage());
            } else {
                report.refused(e.getMessage());
            }
            if (e.is(ErrorType.WRONG_STATE)) {
                refusals.put(reason.exitCode(), reason);
                return e.status() != OPERATION;
            }
            report.sums();
            throw reason;
        }
    }

    private String unanswered(Duration waited) {
        return AskedWait.isOver(wait, waited)
                ? "no answer within " + Durations.measured(wait)
                : AskedWait.early(found.daemon(), wait, waited);
    }
}
