package dev.neurontp.worker;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Ends the process within bounds once no request follows (EOF, or a shutdown that waits for its turn). Answers that
 * make progress may finish; one that makes none is aborted, and where that does not help the process is halted. Each
 * step has a bound, so that a worker never outlives its leader by 10 seconds (L5).
 */
final class ShutdownWatchdog {
    /**
     * How long an answer may take without progress, how long its abort, and how long the close of a group at the end.
     */
    record Bounds(Duration grace, Duration abort, Duration close) {
        static final Bounds DEFAULT = new Bounds(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(500));
    }

    /** What needs no longer than this after EOF asks nothing more of the host. */
    private static final Duration USUAL = Duration.ofMillis(200);

    private final Rank rank;
    private final Bounds bounds;
    private final BooleanSupplier leaderGone;
    private final IntConsumer halt;
    private final Log log;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicLong replies = new AtomicLong();
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean writing;

    /**
     * A watchdog that has not begun.
     *
     * @param leaderGone whether nobody can read a reply any more; then nobody would read an answer
     * @param halt ends the process at once with an exit code
     */
    ShutdownWatchdog(Rank rank, Bounds bounds, BooleanSupplier leaderGone, IntConsumer halt, Log log) {
        this.rank = rank;
        this.bounds = bounds;
        this.leaderGone = leaderGone;
        this.halt = halt;
        this.log = log;
    }

    /** Called before and after each reply by the thread that writes it. */
    void writing(boolean now) {
        writing = now;
        if (!now) {
            replies.incrementAndGet();
        }
    }

    /** From now on the process ends within the bounds. Idempotent; does not block, unless the host gives no more threads. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            try {
                DaemonThread.start("ending", this::watch, this::watchFailed);
            } catch (ThreadLimitException e) {
                log.warn(e.getMessage());
                watch();
            }
        }
    }

    /**
     * Leaves the group as far as the bound allows; what hangs is left behind. For the thread that answers, at last.
     *
     * @return whether nothing hangs
     */
    boolean finish() throws InterruptedException {
        finished.countDown();
        try {
            return DaemonThread.start("close", rank::close).join(bounds.close);
        } catch (ThreadLimitException e) {
            log.warn(e.getMessage());
            return false;
        }
    }

    private void watch() {
        try {
            if (endsBy(USUAL)) {
                return;
            }
            if (leaderGone.getAsBoolean()) {
                log.warn("the leader is gone: aborting the answer that nobody waits for");
            } else if (endsBy(bounds.grace)) {
                return;
            } else {
                log.warn("no request follows and the current answer does not come: aborting it");
            }
            DaemonThread.start("abort", rank::abort);
            if (endsBy(bounds.abort)) {
                return;
            }
            log.warn("the abort did not help: halting");
        } catch (ThreadLimitException e) {
            log.warn("halting without an abort: " + e.getMessage());
        } catch (InterruptedException e) {
            log.bug("the shutdown was interrupted", new IllegalStateException(e));
        }
        halt.accept(writing ? ExitCode.FAILED : ExitCode.OK);
    }

    private void watchFailed(Thread thread, Throwable e) {
        log.bug("the shutdown failed", e);
        halt.accept(ExitCode.FAILED);
    }

    /** Whether the serving finishes, where at least one reply comes in each {@code pause}. */
    private boolean endsBy(Duration pause) throws InterruptedException {
        long before;
        do {
            before = replies.get();
            if (finished.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } while (replies.get() != before);
        return false;
    }
}
