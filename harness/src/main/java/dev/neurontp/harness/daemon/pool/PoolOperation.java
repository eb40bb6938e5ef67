package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.XCollective;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One operation of a pool, from the request to its outcome. Any thread may look and wait; one carries it out. */
public final class PoolOperation {
    /** Where it stands. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    private final String id;
    private final String pool;
    private final OperationKind kind;
    private final Optional<XCollective> collective;
    private final Duration limit;
    private final Clock clock;
    private final Instant asked;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile State state = State.WAITING;
    private volatile Deadline deadline;
    private volatile Instant started;
    private volatile Instant ended;
    private volatile OperationOutcome outcome;

    PoolOperation(
            String id, String pool, OperationKind kind, Optional<XCollective> collective, Duration limit, Clock clock) {
        this.id = id;
        this.pool = pool;
        this.kind = kind;
        this.collective = collective;
        this.limit = limit;
        this.clock = clock;
        this.asked = clock.instant();
    }

    public String id() {
        return id;
    }

    /** What it is. */
    public OperationKind kind() {
        return kind;
    }

    /** What a {@link OperationKind#COLLECTIVE} runs; empty for every other kind. */
    Optional<XCollective> collective() {
        return collective;
    }

    void begin() {
        started = clock.instant();
        deadline = Deadline.in(limit);
        state = State.RUNNING;
    }

    void complete(OperationOutcome value) {
        outcome = value;
        ended = clock.instant();
        state = value instanceof OperationOutcome.Failed ? State.FAILED : State.DONE;
        over.countDown();
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** Whether it is over and has not failed. */
    public boolean hasSucceeded() {
        return isOver() && error().isEmpty();
    }

    /** Why it failed; empty when it did not. */
    public Optional<PoolRequestException> error() {
        return Optional.ofNullable(outcome).flatMap(OperationOutcome::error);
    }

    Duration elapsed() {
        Deadline since = deadline;
        return since == null ? Duration.ZERO : since.elapsed();
    }

    /** Waits for its end; false when the time was over before. */
    public boolean await(Duration time) throws InterruptedException {
        return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    ActiveOperation active() {
        return new ActiveOperation(kind, Optional.of(id), elapsed(), limit);
    }

    /** The pool's id. */
    public String pool() {
        return pool;
    }

    public State state() {
        return state;
    }

    public Instant asked() {
        return asked;
    }

    /** When it began; empty while it waits. */
    public Optional<Instant> started() {
        return Optional.ofNullable(started);
    }

    /** When it was over; empty before. */
    public Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    /** How long it may take once it has begun. */
    public Duration limit() {
        return limit;
    }

    /** What came of it; empty while it waits or runs. */
    public Optional<OperationOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }
}
