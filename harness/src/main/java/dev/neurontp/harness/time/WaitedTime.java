package dev.neurontp.harness.time;

import dev.neurontp.worker.os.Standstill;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * How long this process has waited for another one. Who waits looks at this every {@link #STEP} or more often: where a look
 * comes much too late, this process stood still itself ({@link Standstill}), and the wait starts anew, since what came meanwhile
 * could not be read. Any thread may call.
 */
public final class WaitedTime {
    /** The longest time between two looks. */
    static final Duration STEP = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private Standstill standstill;
    private long begin;

    /** Begins now. */
    public WaitedTime() {
        this(System::nanoTime);
    }

    /** By a clock like {@link System#nanoTime}. */
    WaitedTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        startAnew();
    }

    /** Something has come. */
    public synchronized void startAnew() {
        standstill = new Standstill(STEP, nanoTime);
        begin = nanoTime.getAsLong();
    }

    /** What is left of {@code bound}, in nanoseconds; 0 or less where the wait was too long. */
    public synchronized long left(Duration bound) {
        long now = nanoTime.getAsLong();
        if (standstill.noticed()) {
            begin = now;
        }
        return bound.toNanos() - (now - begin);
    }

    /** The same, and no more than until the next look has to come. */
    public long toNextLook(Duration bound) {
        return Math.min(left(bound), STEP.toNanos());
    }

    /** Fails {@code answer} with {@link TimeoutException} when it has not come within {@code bound}; returns it. */
    public static <T> CompletableFuture<T> bound(CompletableFuture<T> answer, Duration bound) {
        new WaitedTime().look(answer, bound);
        return answer;
    }

    private void look(CompletableFuture<?> answer, Duration bound) {
        long next = toNextLook(bound);
        if (next <= 0) {
            answer.completeExceptionally(new TimeoutException());
        } else if (!answer.isDone()) {
            CompletableFuture.delayedExecutor(next, TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> look(answer, bound));
        }
    }
}
