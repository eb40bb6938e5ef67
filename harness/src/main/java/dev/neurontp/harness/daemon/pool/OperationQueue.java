package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one operation at a time run on a pool, in the order of arrival. The daemon's own ping (the probe) runs only when no
 * operation runs or waits. An operation that comes while the probe runs waits for its end at least {@link #UNSEEN}, also
 * where its caller asked not to wait: no caller knows of the probe. One that takes longer is shown as the operation that is
 * under way, and a caller waits no longer than it said. Any thread may call.
 */
final class OperationQueue {
    private record Waiter(PoolOperation operation, CountDownLatch mayRun) {}

    private static final Duration UNSEEN = Duration.ofSeconds(1);

    private final int mostWaiting;
    private final Duration probeLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private PoolOperation running;
    private Deadline probe;

    /**
     * An empty queue.
     *
     * @param mostWaiting how many may wait
     * @param probeLimit how long the probe can take
     */
    OperationQueue(int mostWaiting, Duration probeLimit) {
        this.mostWaiting = mostWaiting;
        this.probeLimit = probeLimit;
    }

    /**
     * Waits until {@code operation} may run; false when that was not within {@code wait}. {@link #release} ends its run.
     *
     * @throws PoolRequestException when too many wait already
     */
    boolean acquire(PoolOperation operation, Duration wait) throws InterruptedException {
        Waiter waiter = new Waiter(operation, new CountDownLatch(1));
        Duration time = wait;
        lock.lock();
        try {
            if (free() && queue.isEmpty()) {
                running = operation;
                return true;
            }
            if (probe != null && queue.isEmpty()) {
                time = longest(wait, UNSEEN.minus(probe.elapsed()));
            }
            if (!time.isPositive()) {
                return false;
            }
            if (queue.size() >= mostWaiting) {
                throw new PoolRequestException(
                        ErrorType.TOO_MANY_OPERATIONS,
                        mostWaiting
                                + " operations wait for this pool already: ask again later, or raise limits.waiting",
                        new PoolRequestException.Detail.Limit(mostWaiting));
            }
            queue.add(waiter);
        } finally {
            lock.unlock();
        }
        return await(waiter, time);
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private boolean await(Waiter waiter, Duration time) throws InterruptedException {
        boolean mayRun;
        try {
            mayRun = waiter.mayRun().await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            if (!leave(waiter)) {
                release();
            }
            throw e;
        }
        return mayRun || !leave(waiter);
    }

    /** Removes it from the queue; false when it was allowed to run at the last moment. */
    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            return queue.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Lets the probe run if no operation runs or waits; {@link #release} ends its run. */
    boolean acquireForProbe() {
        lock.lock();
        try {
            if (!free() || !queue.isEmpty()) {
                return false;
            }
            probe = Deadline.in(probeLimit);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What ran is over; the next in the queue may run. */
    void release() {
        lock.lock();
        try {
            probe = null;
            Waiter next = queue.poll();
            running = next == null ? null : next.operation();
            if (next != null) {
                next.mayRun().countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is under way; the probe only when it takes longer than {@link #UNSEEN}. */
    Optional<ActiveOperation> active() {
        lock.lock();
        try {
            if (running != null) {
                return Optional.of(running.active());
            }
            return Optional.ofNullable(probe)
                    .filter(since -> since.elapsed().compareTo(UNSEEN) >= 0)
                    .map(since ->
                            new ActiveOperation(OperationKind.PING, Optional.empty(), since.elapsed(), probeLimit));
        } finally {
            lock.unlock();
        }
    }

    private boolean free() {
        return running == null && probe == null;
    }
}
