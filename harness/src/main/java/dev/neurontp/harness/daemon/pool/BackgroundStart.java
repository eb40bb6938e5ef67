package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a pool on a thread of its own, for whoever does not wait as long as its hosts may be silent. Whether anybody still waits changes
 * nothing. Any thread may call.
 */
public final class BackgroundStart {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundStart.class);

    private final CompletableFuture<StartingPool> reserved = new CompletableFuture<>();
    private final CompletableFuture<PoolCreator.Created> created = new CompletableFuture<>();

    private BackgroundStart() {}

    /**
     * Begins.
     *
     * @throws PoolRequestException when the host gives no more threads
     */
    public static BackgroundStart of(PoolCreator creator, PoolPlan plan) {
        BackgroundStart start = new BackgroundStart();
        try {
            DaemonThread.start("pool-start", () -> start.run(creator, plan));
        } catch (ThreadLimitException e) {
            throw new PoolRequestException(ErrorType.HOST_LIMIT, e.getMessage());
        }
        return start;
    }

    private void run(PoolCreator creator, PoolPlan plan) {
        try {
            created.complete(creator.create(plan, RestartHistory.NONE, reserved::complete));
        } catch (Throwable e) { // whoever waits is told of anything
            if (!(e instanceof PoolRequestException) && !(e instanceof InterruptedException)) {
                LOG.error("a pool was not started because of a defect of this daemon", e); // nobody may wait any more
            }
            reserved.completeExceptionally(e);
            created.completeExceptionally(e);
        }
    }

    /**
     * The pool with its processes; empty where the hosts of some are still silent at that time.
     *
     * @throws PoolRequestException as {@link PoolCreator#create(PoolPlan)}
     */
    public Optional<PoolCreator.Created> await(Deadline deadline) throws InterruptedException {
        get(reserved, Long.MAX_VALUE);
        return get(created, deadline.remainingNanos());
    }

    /** What was not created yet; after {@link #await}. */
    public StartingPool starting() {
        return reserved.join();
    }

    private static <T> Optional<T> get(CompletableFuture<T> future, long nanos) throws InterruptedException {
        try {
            return Optional.of(future.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case PoolRequestException refusal -> throw refusal;
                case InterruptedException _ -> throw new InterruptedException("the start was interrupted");
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
