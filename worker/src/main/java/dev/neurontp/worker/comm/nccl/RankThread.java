package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.RunningTime;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The one platform thread that a rank's NCCL and CUDA calls run on, and what it is doing. Every wait for it has a
 * bound: a native call that does not return costs this daemon thread and nothing else. Time in which this process stood still counts for
 * no bound, since the other ranks may have stood still as well.
 */
final class RankThread {
    private record Step(String what, long since) {}

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final RunningTime time;
    private final Thread thread;
    private volatile Step step;
    private volatile FutureTask<?> last;
    private boolean ended;

    /**
     * Starts it.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    RankThread(String name) throws ThreadLimitException {
        this(name, System::nanoTime);
    }

    /** By a clock like {@link System#nanoTime}. */
    RankThread(String name, LongSupplier nanoTime) throws ThreadLimitException {
        time = new RunningTime(nanoTime);
        step = new Step("nothing", time.nanos());
        thread = DaemonThread.start(name, this::work);
    }

    /** Records what the thread begins now. */
    void begin(String what) {
        step = new Step(what, time.nanos());
    }

    /** The time for bounds of what runs there: it stands still while this process does. */
    long nanos() {
        return time.nanos();
    }

    /** Such as {@code ncclAllReduce for 20.0 s}. */
    String describe() {
        Step now = step;
        return String.format(Locale.ROOT, "%s for %.1f s", now.what, (time.nanos() - now.since) / 1e9);
    }

    /**
     * Runs the work there and waits for it.
     *
     * @throws TimeoutException when it is not done within the bound; the thread is then of no use any more
     */
    <T> T run(Callable<T> work, Duration bound) throws NcclException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(work);
        last = task;
        time.begin();
        try {
            tasks.add(task);
            return await(task, bound);
        } finally {
            time.end();
        }
    }

    /**
     * Runs the work there and waits for it as long as it makes progress: no step of it may take longer than the bound.
     *
     * @throws TimeoutException when one does; the thread is then of no use any more
     */
    <T> T runSteps(Callable<T> work, Duration bound) throws NcclException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(work);
        last = task;
        begin("nothing");
        time.begin();
        try {
            tasks.add(task);
            while (true) {
                Step seen = step;
                try {
                    return await(task, bound.minusNanos(time.nanos() - seen.since));
                } catch (TimeoutException e) {
                    if (seen.equals(step)) {
                        throw e;
                    }
                }
            }
        } finally {
            time.end();
        }
    }

    /** Whether what runs there ends within the bound. */
    boolean isIdleWithin(Duration bound) {
        FutureTask<?> running = last;
        if (running == null) {
            return true;
        }
        try {
            await(running, bound);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (NcclException | RuntimeException _) {
            // Whoever runs the work is told why it failed; here only its end counts.
            return true;
        }
    }

    /** Whether something runs there. */
    boolean isBusy() {
        FutureTask<?> running = last;
        return running != null && !running.isDone();
    }

    /** Cuts its current pause short. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** It ends once it has nothing left to do. */
    void end() {
        tasks.add(() -> ended = true);
    }

    private <T> T await(FutureTask<T> task, Duration bound) throws NcclException, TimeoutException {
        time.begin();
        long deadline = time.nanos() + bound.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(
                            Math.min(deadline - time.nanos(), RunningTime.STEP.toNanos()), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (time.nanos() - deadline >= 0) {
                        throw e;
                    }
                } catch (InterruptedException _) {
                    // An abort is what ends a wait early; the interrupt is kept for the caller.
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case NcclException failure -> throw failure;
                        case RuntimeException bug -> throw bug;
                        case Error error -> throw error;
                        case null, default -> throw new IllegalStateException(e);
                    }
                }
            }
        } finally {
            time.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void work() {
        try {
            while (!ended) {
                tasks.take().run();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
