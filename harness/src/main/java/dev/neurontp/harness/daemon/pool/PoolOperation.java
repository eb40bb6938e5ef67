package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ApiException;
import dev.neurontp.harness.api.BusyView;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One operation of a pool, from the request to its outcome. Any thread may look and wait; one carries it out. */
public final class PoolOperation {
    private enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }

    private final String id;
    private final String pool;
    private final OperationKind kind;
    private final Duration limit;
    private final Clock clock;
    private final Instant asked;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile State state = State.WAITING;
    private volatile Deadline running;
    private volatile Instant started;
    private volatile Instant ended;
    private volatile OperationView.Result result;
    private volatile ApiException error;

    PoolOperation(String id, String pool, OperationKind kind, Duration limit, Clock clock) {
        this.id = id;
        this.pool = pool;
        this.kind = kind;
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

    void begin() {
        started = clock.instant();
        running = Deadline.in(limit);
        state = State.RUNNING;
    }

    void succeed(OperationView.Result outcome) {
        result = outcome;
        end(State.DONE);
    }

    void fail(ApiException why) {
        error = why;
        end(State.FAILED);
    }

    private void end(State last) {
        ended = clock.instant();
        state = last;
        over.countDown();
    }

    boolean isRunning() {
        return state == State.RUNNING;
    }

    public boolean isOver() {
        return over.getCount() == 0;
    }

    /** Why it failed; empty when it did not. */
    public Optional<ApiException> error() {
        return Optional.ofNullable(error);
    }

    Duration elapsed() {
        Deadline since = running;
        return since == null ? Duration.ZERO : since.elapsed();
    }

    /** Waits for its end; false when the time was over before. */
    public boolean await(Duration time) throws InterruptedException {
        return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    BusyView busy() {
        return ApiMapper.busy(kind.label(), Optional.of(id), elapsed(), limit);
    }

    String stateLabel() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** What is known of it now. */
    public OperationView view() {
        return new OperationView(
                id,
                pool,
                kind.label(),
                stateLabel(),
                asked,
                Optional.ofNullable(started),
                Optional.ofNullable(ended),
                limit.toMillis(),
                Optional.ofNullable(result),
                error().map(ApiException::body));
    }
}
