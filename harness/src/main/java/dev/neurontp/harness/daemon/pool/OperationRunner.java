package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.pool.Operation;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out operations on one pool, each on a thread of its own: a client that goes away changes nothing. */
final class OperationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);

    private final String id;
    private final WorkerPool pool;
    private final PoolEventRecorder recorder;
    private final DaemonMetrics metrics;
    private volatile RoundTrip last;

    /** The evidence of an end is kept by another thread, which has little left to do. */
    private static final Duration LAST_RECORDS = Duration.ofSeconds(5);

    /** A round trip to every rank, and when it was complete by {@link System#nanoTime}. */
    private record RoundTrip(Duration took, long atNanos) {}

    OperationRunner(String id, WorkerPool pool, PoolEventRecorder recorder, DaemonMetrics metrics) {
        this.id = id;
        this.pool = pool;
        this.recorder = recorder;
        this.metrics = metrics;
    }

    /** Starts it; {@code after} runs when it is over. It and the event come before any waiter learns of the end. */
    void start(PoolOperation operation, Runnable after) {
        operation.begin();
        boolean recorded = !operation.kind().isQuiet() && !isRefused(operation.kind());
        if (recorded) {
            recorder.publish(new EventData.OperationStarted(
                    operation.id(), operation.kind().label()));
        }
        Consumer<OperationOutcome> end = outcome -> {
            after.run();
            metrics.operation(
                    operation.kind().label(),
                    outcome.error().map(error -> error.type().label()).orElse("ok"));
            if (recorded) {
                recorder.publish(ended(operation, outcome));
            }
            operation.complete(outcome);
        };
        try {
            DaemonThread.startVirtual("operation-" + operation.id(), () -> end.accept(run(operation)), (_, e) -> {
                if (!operation.isOver()) {
                    end.accept(defect(operation.kind(), e));
                }
            });
        } catch (ThreadLimitException e) {
            end.accept(failed(ErrorType.HOST_LIMIT, e.getMessage()));
        }
    }

    /** Whether no rank will be asked in the state that the pool is in: that is no failure, and nothing that happened to it. */
    private boolean isRefused(OperationKind kind) {
        PoolState state = pool.state().state();
        return switch (kind) {
            case INIT -> state.isEnding() || Operation.INIT.refusal(state).isPresent();
            case SANITY -> state.isEnding() || Operation.SANITY.refusal(state).isPresent();
            default -> false;
        };
    }

    private static OperationOutcome defect(OperationKind kind, Throwable e) {
        LOG.error("{} failed because of a defect of this daemon", kind.label(), e);
        return failed(ErrorType.INTERNAL, "a defect of the daemon; its log says more");
    }

    private static EventData ended(PoolOperation operation, OperationOutcome outcome) {
        return new EventData.OperationEnded(
                operation.id(),
                operation.kind().label(),
                operation.elapsed(),
                outcome.error().map(PoolRequestException::getMessage));
    }

    private OperationOutcome run(PoolOperation operation) {
        OperationKind kind = operation.kind();
        try {
            return switch (kind) {
                case SPAWN, PING -> new OperationOutcome.Replied(ping());
                case INIT -> new OperationOutcome.Replied(run(Operation.INIT));
                case SANITY -> new OperationOutcome.Summed(run(Operation.SANITY));
                case DEVICE -> new OperationOutcome.Answered(run(Operation.DEVICE));
                case COLLECTIVE ->
                    new OperationOutcome.Answered(
                            run(Operation.collective(operation.collective().orElseThrow(), operation.limit())));
                case SHUTDOWN, FORGET -> ended(pool.shutdown());
                case END -> ended(pool.kill());
            };
        } catch (PoolFailure e) {
            return new OperationOutcome.Failed(PoolRequestException.failed(e));
        } catch (PoolException.Busy e) {
            return failed(ErrorType.BUSY, e.getMessage());
        } catch (PoolException e) {
            return failed(ErrorType.POOL_ENDED, e.getMessage());
        } catch (IllegalStateException e) {
            return new OperationOutcome.Failed(new PoolRequestException(
                    ErrorType.WRONG_STATE,
                    e.getMessage(),
                    new PoolRequestException.Detail.State(pool.state().state())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return failed(ErrorType.STOPPING, "the daemon is stopping");
        } catch (RuntimeException e) {
            return defect(kind, e);
        }
    }

    /** Who reads that a pool has ended may forget it, or ask for another one in its place, at once. */
    private OperationOutcome ended(ShutdownReport report) throws InterruptedException {
        if (!recorder.awaitOver(LAST_RECORDS)) {
            LOG.warn("a pool has ended, and what is known of its end is not complete after {}", LAST_RECORDS);
        }
        return new OperationOutcome.Ended(report);
    }

    private static OperationOutcome failed(ErrorType type, String message) {
        return new OperationOutcome.Failed(new PoolRequestException(type, message));
    }

    /** A round trip to every rank. */
    OperationResult<?> ping() throws PoolException, InterruptedException {
        return run(Operation.PING);
    }

    /** A reply of every rank, to whatever it was asked, proves that the pool answers. */
    private <R extends WorkerResponse> OperationResult<R> run(Operation<R> operation)
            throws PoolException, InterruptedException {
        OperationResult<R> result = pool.run(operation);
        result.ranks().forEach(rank -> metrics.roundTrip(id, operation.name(), rank.rank(), rank.took()));
        last = new RoundTrip(result.took(), System.nanoTime());
        return result;
    }

    /** How long ago every rank replied; empty when that never was. */
    Optional<Duration> sinceLastReply() {
        return Optional.ofNullable(last).map(trip -> Duration.ofNanos(Math.max(0, System.nanoTime() - trip.atNanos())));
    }

    /** How long that round trip took. */
    Optional<Duration> lastRoundTrip() {
        return Optional.ofNullable(last).map(RoundTrip::took);
    }
}
