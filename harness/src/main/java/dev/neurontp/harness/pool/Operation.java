package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One request to every rank, in flight. The thread that makes it waits; readers bring the answers. Members are counted
 * from 0: the processes in their order, then a rank 0 in process.
 */
final class Operation {
    private final Op op;
    private final Duration limit;
    private final Thread waiter = Thread.currentThread();
    private final AtomicInteger pending;
    private final AtomicLongArray asked;
    private final AtomicLongArray answered;
    private final AtomicLongArray values;
    private final AtomicReferenceArray<WorkerResponse.XNcclCheckResult> checks;
    private final AtomicIntegerArray spoken;
    private final CountDownLatch toSpeak;
    private volatile Deadline deadline;
    private volatile boolean writing;
    private volatile boolean stopped;
    private volatile int writingTo;

    Operation(Op op, Duration limit, int members) {
        this.op = op;
        this.limit = limit;
        this.deadline = Deadline.in(limit);
        this.pending = new AtomicInteger(members);
        this.asked = new AtomicLongArray(members);
        this.answered = new AtomicLongArray(members);
        this.values = new AtomicLongArray(members);
        this.checks = new AtomicReferenceArray<>(members);
        this.spoken = new AtomicIntegerArray(members);
        this.toSpeak = new CountDownLatch(members);
    }

    Op op() {
        return op;
    }

    /** Begins the deadline anew: now its frames are written. */
    void begin() {
        deadline = Deadline.in(limit);
        writing = true;
    }

    /** All frames are written. */
    void written() {
        writing = false;
    }

    /** Whether a frame is still being written although the deadline has passed: some worker does not read. */
    boolean stalledInWrite() {
        return writing && deadline.expired();
    }

    /** The member whose frame is being written, or was written last. */
    int writingTo() {
        return writingTo;
    }

    /** Before a member's frame is written. */
    void ask(int member) {
        writingTo = member;
        asked.setPlain(member, System.nanoTime());
    }

    /** A member's answer is in; on any thread. */
    void answer(int member, long value, long nanoTime) {
        values.setPlain(member, value);
        answered.setOpaque(member, nanoTime);
        spoke(member);
        if (pending.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
        }
    }

    /** A member's answer to a check is in; on any thread. */
    void answer(int member, WorkerResponse.XNcclCheckResult sums, long nanoTime) {
        checks.set(member, sums);
        answer(member, sums.sumOfOnes(), nanoTime);
    }

    /** A member has said something, an answer or its failure; on any thread. */
    void spoke(int member) {
        if (spoken.compareAndSet(member, 0, 1)) {
            toSpeak.countDown();
        }
    }

    boolean hasSpoken(int member) {
        return spoken.get(member) != 0;
    }

    /** Waits until every member has spoken or the hearing is cut short; false when the bound came first. */
    boolean hearOut(Duration bound) throws InterruptedException {
        return toSpeak.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets nobody wait any more for members that have not spoken; on any thread. */
    void cutHearing() {
        while (toSpeak.getCount() > 0) {
            toSpeak.countDown();
        }
    }

    /** Ends the wait without an answer; on any thread. */
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

    /** What is left until the deadline; 0 behind it. */
    Duration left() {
        return Duration.ofNanos(deadline.remainingNanos());
    }

    int members() {
        return asked.length();
    }

    /** Whether every answer is in. */
    boolean complete() {
        return pending.get() == 0;
    }

    /** Waits for {@code done}; false when the deadline passed or the operation was stopped before. */
    boolean await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException(op.label() + " was interrupted");
            }
            long left = deadline.remainingNanos();
            if (stopped || left == 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return !stopped;
    }

    boolean hasAnswer(int member) {
        return answered.get(member) != 0;
    }

    long value(int member) {
        return values.get(member);
    }

    WorkerResponse.XNcclCheckResult check(int member) {
        return checks.get(member);
    }

    /** From a member's frame to its answer. */
    Duration took(int member) {
        return Duration.ofNanos(answered.get(member) - asked.get(member));
    }

    /** From the first frame to the last answer. */
    Duration took() {
        long first = asked.get(0);
        long last = answered.get(0);
        for (int member = 1; member < asked.length(); member++) {
            first = Math.min(first, asked.get(member));
            last = Math.max(last, answered.get(member));
        }
        return Duration.ofNanos(last - first);
    }

    @Override
    public String toString() {
        return op.label() + ", " + Durations.seconds(elapsed()) + " of " + Durations.time(limit);
    }
}
