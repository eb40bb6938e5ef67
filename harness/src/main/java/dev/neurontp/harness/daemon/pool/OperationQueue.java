package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ApiException;
import dev.neurontp.harness.api.BusyView;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whose turn it is on a pool. In the order of arrival; the daemon's own ping gives way to nobody who waits and makes
 * nobody wait who would not.
 */
final class OperationQueue {
    private record Waiter(PoolOperation operation, CountDownLatch granted) {}

    private final int mostWaiting;
    private final Duration probeLimit;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private PoolOperation holder;
    private Deadline probing;

    /**
     * Nobody's turn yet.
     *
     * @param mostWaiting how many may wait
     * @param probeLimit how long the daemon's own ping can take
     */
    OperationQueue(int mostWaiting, Duration probeLimit) {
        this.mostWaiting = mostWaiting;
        this.probeLimit = probeLimit;
    }

    /**
     * Takes the turn; false when it did not come within {@code wait}.
     *
     * @throws ApiException when too many wait already
     */
    boolean take(PoolOperation operation, Duration wait) throws InterruptedException {
        Waiter waiter = new Waiter(operation, new CountDownLatch(1));
        Duration patience = wait;
        lock.lock();
        try {
            if (free() && queue.isEmpty()) {
                holder = operation;
                return true;
            }
            if (probing != null && queue.isEmpty() && wait.compareTo(probeLimit) < 0) {
                patience = probeLimit;
            } else if (wait.isZero()) {
                return false;
            }
            if (queue.size() >= mostWaiting) {
                throw new ApiException(
                        ErrorType.TOO_MANY_OPERATIONS,
                        mostWaiting
                                + " operations wait for this pool already: ask again later, or raise limits.waiting",
                        Map.of("limit", mostWaiting));
            }
            queue.add(waiter);
        } finally {
            lock.unlock();
        }
        return await(waiter, patience);
    }

    private boolean await(Waiter waiter, Duration patience) throws InterruptedException {
        boolean granted;
        try {
            granted = waiter.granted().await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            if (!leave(waiter)) {
                give();
            }
            throw e;
        }
        return granted || !leave(waiter);
    }

    /** False when the turn came at the last moment. */
    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            return queue.remove(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the turn for the daemon's own ping, if it is nobody's and nobody waits. */
    boolean takeForProbe() {
        lock.lock();
        try {
            if (!free() || !queue.isEmpty()) {
                return false;
            }
            probing = Deadline.in(probeLimit);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The turn is over; the next one has it. */
    void give() {
        lock.lock();
        try {
            probing = null;
            Waiter next = queue.poll();
            holder = next == null ? null : next.operation();
            if (next != null) {
                next.granted().countDown();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What is under way; the daemon's own ping only when it takes long. */
    Optional<BusyView> busy() {
        lock.lock();
        try {
            if (holder != null) {
                return Optional.of(holder.busy());
            }
            return Optional.ofNullable(probing)
                    .filter(since -> since.elapsed().toSeconds() > 0)
                    .map(since -> ApiMapper.busy("ping", Optional.empty(), since.elapsed(), probeLimit));
        } finally {
            lock.unlock();
        }
    }

    private boolean free() {
        return holder == null && probing == null;
    }
}
