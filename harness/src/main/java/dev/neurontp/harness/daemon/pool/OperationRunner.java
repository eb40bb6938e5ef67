package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ApiException;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.daemon.event.EventBuilder;
import dev.neurontp.harness.daemon.event.EventType;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.pool.Operation;
import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out operations on one pool, each on a thread of its own: whoever asked may go away. */
final class OperationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);

    private final WorkerPool pool;
    private final PoolEventRecorder watch;
    private final DaemonMetrics metrics;
    private volatile long provenNanos;
    private volatile Duration provenTook;

    OperationRunner(WorkerPool pool, PoolEventRecorder watch, DaemonMetrics metrics) {
        this.pool = pool;
        this.watch = watch;
        this.metrics = metrics;
    }

    /** Starts it; {@code after} runs when it is over, before anybody is told. */
    void start(PoolOperation operation, Runnable after) {
        operation.begin();
        // Pings come by the thousand and change nothing: they would push the changes out of the log.
        boolean told = operation.kind() != OperationKind.PING;
        if (told) {
            watch.publish(EventBuilder.of(EventType.OPERATION_STARTED)
                    .operation(operation.id(), operation.kind().label())
                    .state("running"));
        }
        Thread.ofVirtual().name("operation-" + operation.id()).start(() -> {
            Outcome outcome = carryOut(operation.kind());
            after.run();
            outcome.tell(operation);
            if (told) {
                watch.publish(ended(operation));
            }
        });
    }

    private static EventBuilder ended(PoolOperation operation) {
        EventBuilder ended = EventBuilder.of(EventType.OPERATION_ENDED)
                .operation(operation.id(), operation.kind().label())
                .state(operation.stateLabel())
                .took(ApiMapper.millis(operation.elapsed()));
        operation.error().ifPresent(why -> ended.reason(why.getMessage()));
        return ended;
    }

    private sealed interface Outcome {
        void tell(PoolOperation operation);

        record Done(OperationView.Result result) implements Outcome {
            @Override
            public void tell(PoolOperation operation) {
                operation.succeed(result);
            }
        }

        record Failed(ApiException why) implements Outcome {
            @Override
            public void tell(PoolOperation operation) {
                operation.fail(why);
            }
        }
    }

    private Outcome carryOut(OperationKind kind) {
        try {
            return new Outcome.Done(
                    switch (kind) {
                        case SPAWN, PING -> ping();
                        case INIT -> ApiMapper.times(run(Operation.INIT));
                        case SANITY -> sanity();
                        case SHUTDOWN -> ApiMapper.end(pool.shutdown());
                        case END -> ApiMapper.end(pool.kill());
                        case FORGET -> ApiMapper.end(pool.shutdown());
                    });
        } catch (PoolFailure e) {
            return new Outcome.Failed(ApiMapper.refusal(e));
        } catch (PoolException.Busy e) {
            return new Outcome.Failed(new ApiException(ErrorType.BUSY, e.getMessage()));
        } catch (PoolException e) {
            return new Outcome.Failed(new ApiException(ErrorType.POOL_ENDED, e.getMessage()));
        } catch (IllegalStateException e) {
            return new Outcome.Failed(new ApiException(
                    ErrorType.WRONG_STATE,
                    e.getMessage(),
                    Map.of("state", ApiMapper.label(pool.state().state()))));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed(new ApiException(ErrorType.STOPPING, "the daemon is stopping"));
        } catch (RuntimeException e) {
            LOG.error("{} failed in a way that is a defect of this daemon", kind.label(), e);
            return new Outcome.Failed(
                    new ApiException(ErrorType.INTERNAL, "a defect of the daemon; its log says more"));
        }
    }

    /** A round trip to every rank. */
    OperationView.Result ping() throws PoolException, InterruptedException {
        return ApiMapper.times(run(Operation.PING));
    }

    private OperationView.Result sanity() throws PoolException, InterruptedException {
        OperationResult<WorkerResponse.NcclSanityResult> checked = run(Operation.SANITY);
        return OperationView.Result.sum(
                ApiMapper.millis(checked.took()), checked.first().observedSum(), ApiMapper.rankTimes(checked.ranks()));
    }

    /** Whatever every rank has answered proves that the pool answers. */
    private <R extends WorkerResponse> OperationResult<R> run(Operation<R> operation)
            throws PoolException, InterruptedException {
        OperationResult<R> result = pool.run(operation);
        result.ranks().forEach(rank -> metrics.roundTrip(operation.name(), rank.rank(), rank.took()));
        provenTook = result.took();
        provenNanos = System.nanoTime();
        return result;
    }

    /** How long ago every rank answered; empty when that never was. */
    Optional<Duration> provenSince() {
        return provenTook == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, System.nanoTime() - provenNanos)));
    }

    /** How long that took. */
    Optional<Duration> provenTook() {
        return Optional.ofNullable(provenTook);
    }
}
