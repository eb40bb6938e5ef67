package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.os.Standstill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One operation in flight: its request, its deadline, and what each member has answered. The thread that creates it waits;
 * the members' threads bring the replies.
 */
final class Exchange<R extends WorkerResponse> {
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Operation<R> operation;
    private final Duration limit;
    private final List<PoolRank> members;
    private final Thread waiter = Thread.currentThread();
    private final AtomicInteger pending;
    private final AtomicLongArray asked;
    private final AtomicLongArray answered;
    private final AtomicReferenceArray<WorkerResponse> replies;
    private final AtomicIntegerArray reported;
    private final CountDownLatch reports;
    private volatile Request request;
    private volatile Deadline deadline;
    private volatile boolean stopped;
    private volatile PoolRank writingTo;

    /**
     * An exchange whose deadline runs.
     *
     * @param members the ranks that are asked, in order, at least one
     */
    Exchange(Operation<R> operation, Duration limit, List<PoolRank> members) {
        int ranks = members.getLast().rank() + 1;
        this.operation = operation;
        this.limit = limit;
        this.members = members;
        this.deadline = Deadline.in(limit);
        this.pending = new AtomicInteger(members.size());
        this.asked = new AtomicLongArray(ranks);
        this.answered = new AtomicLongArray(ranks);
        this.replies = new AtomicReferenceArray<>(ranks);
        this.reported = new AtomicIntegerArray(ranks);
        this.reports = new CountDownLatch(members.size());
    }

    Operation<R> operation() {
        return operation;
    }

    List<PoolRank> members() {
        return members;
    }

    Request request() {
        return request;
    }

    /** Asks every member. The deadline begins again: now the frames are written. */
    void ask(Request asking) {
        request = asking;
        deadline = Deadline.in(limit);
        // The last rank first: when rank 0 joins, every other rank has the comm_id already.
        for (int i = members.size() - 1; i >= 0; i--) {
            writingTo = members.get(i);
            members.get(i).ask(this);
        }
        writingTo = null;
    }

    /** The member whose frame is still being written although the deadline has passed, or null. */
    PoolRank stalledInWrite() {
        return deadline.expired() ? writingTo : null;
    }

    /** A member's frame is about to be written. */
    void asked(int rank) {
        asked.setPlain(rank, System.nanoTime());
    }

    /** A member's right reply is in; on any thread. */
    void answered(int rank, WorkerResponse reply, long nanoTime) {
        replies.setPlain(rank, reply);
        answered.setOpaque(rank, nanoTime);
        reported(rank);
        if (pending.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
        }
    }

    /** A member has answered or failed; on any thread. */
    void reported(int rank) {
        if (reported.compareAndSet(rank, 0, 1)) {
            reports.countDown();
        }
    }

    boolean hasReported(int rank) {
        return reported.get(rank) != 0;
    }

    /**
     * Waits until every member has answered or failed, or nobody waits for it any more; false when the bound came
     * first. Time in which this process stood still does not count.
     */
    boolean awaitReports(Duration bound) throws InterruptedException {
        return Deadline.in(bound).await(nanos -> reports.await(nanos, TimeUnit.NANOSECONDS));
    }

    /** Lets nobody wait any more for members that have neither answered nor failed; on any thread. */
    void stopAwaitingReports() {
        while (reports.getCount() > 0) {
            reports.countDown();
        }
    }

    /** Ends the wait without the missing replies; on any thread. */
    void stop() {
        stopped = true;
        LockSupport.unpark(waiter);
    }

    /** Lets the waiting thread look again. */
    void wake() {
        LockSupport.unpark(waiter);
    }

    boolean stopped() {
        return stopped;
    }

    Duration elapsed() {
        return deadline.elapsed();
    }

    Duration limit() {
        return limit;
    }

    /** What is left until the deadline; 0 when it has passed. */
    Duration left() {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    /** Whether every reply is in, and nothing stopped it before. */
    boolean succeeded() {
        return complete() && !stopped;
    }

    /** Whether every reply is in. */
    boolean complete() {
        return pending.get() == 0;
    }

    /**
     * Waits for {@code done}; false when the deadline passed or the exchange was stopped before. Where this process stood still the
     * deadline begins again.
     */
    boolean await(BooleanSupplier done) throws InterruptedException {
        Standstill standstill = new Standstill(LOOK);
        while (!done.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException(operation.name() + " was interrupted");
            }
            if (standstill.noticed()) {
                deadline = Deadline.in(limit);
            }
            long left = deadline.remainingNanos();
            if (stopped || left == 0) {
                return false;
            }
            LockSupport.parkNanos(this, Math.min(left, LOOK.toNanos()));
        }
        return !stopped;
    }

    /** The members that were asked and have not answered, in order. */
    List<Integer> unanswered() {
        return members.stream()
                .map(PoolRank::rank)
                .filter(rank -> asked.getOpaque(rank) != 0 && !hasAnswer(rank))
                .toList();
    }

    boolean hasAnswer(int rank) {
        return answered.get(rank) != 0;
    }

    /** From a member's frame until then. */
    Duration tookUntil(int rank, long nanoTime) {
        return Duration.ofNanos(nanoTime - asked.get(rank));
    }

    /** What every member has answered, once that is complete. */
    OperationResult<R> result() {
        List<OperationResult.RankReply<R>> ranks = new ArrayList<>(members.size());
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (PoolRank member : members) {
            int rank = member.rank();
            first = Math.min(first, asked.get(rank));
            last = Math.max(last, answered.get(rank));
            R reply = operation.cast(replies.get(rank));
            ranks.add(new OperationResult.RankReply<>(
                    rank, member.pid(), member.host(), tookUntil(rank, answered.get(rank)), reply));
        }
        return new OperationResult<>(ranks, Duration.ofNanos(last - first));
    }

    @Override
    public String toString() {
        return operation.name() + ", " + Durations.seconds(elapsed()) + " of " + Durations.time(limit);
    }
}
