package dev.neurontp.worker.os;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Starts threads that do not keep the process alive, platform threads and virtual ones. The error for a thread that cannot be
 * started names the limit that is reached.
 */
public final class DaemonThread {
    private static final long USUAL_STACK = 0;

    private DaemonThread() {}

    /**
     * Starts one. What it throws goes to the default handler of uncaught exceptions.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    public static Thread start(String name, Runnable work) throws ThreadLimitException {
        return start(name, work, null);
    }

    /**
     * Starts one.
     *
     * @param failed is called with whatever {@code work} throws, on the new thread; it must let whoever waits for it go
     *     on
     * @throws ThreadLimitException when the host gives no more threads
     */
    public static Thread start(String name, Runnable work, Thread.UncaughtExceptionHandler failed)
            throws ThreadLimitException {
        return start(name, USUAL_STACK, work, failed);
    }

    /**
     * Starts one with a stack of so many bytes; 0 for the usual size.
     *
     * @param failed as in {@link #start(String, Runnable, Thread.UncaughtExceptionHandler)}; null for the default handler
     * @throws ThreadLimitException when the host gives no more threads
     */
    public static Thread start(String name, long stackBytes, Runnable work, Thread.UncaughtExceptionHandler failed)
            throws ThreadLimitException {
        Thread thread = new Thread(null, work, name, stackBytes);
        thread.setDaemon(true);
        return started(thread, failed);
    }

    /**
     * Starts a virtual thread; it needs a thread of the host only where none carries virtual threads yet.
     *
     * @param failed as in {@link #start(String, Runnable, Thread.UncaughtExceptionHandler)}; null for the default handler
     * @throws ThreadLimitException when the host gives no more threads
     */
    public static Thread startVirtual(String name, Runnable work, Thread.UncaughtExceptionHandler failed)
            throws ThreadLimitException {
        return started(Thread.ofVirtual().name(name).unstarted(work), failed);
    }

    /** Runs each task on a virtual thread of its own; rejects it when the host gives no more threads. */
    public static Executor virtual(String name) {
        return task -> {
            try {
                startVirtual(name, task, null);
            } catch (ThreadLimitException e) {
                throw new RejectedExecutionException(e.getMessage(), e);
            }
        };
    }

    /**
     * Runs {@code work} on a thread of its own and waits for its end, no longer than {@code bound}. Where the host gives no more
     * threads it runs on the caller's, without a bound: better late than not at all.
     *
     * @return whether it has ended
     */
    public static boolean runWithin(Duration bound, String name, Runnable work) throws InterruptedException {
        Thread thread;
        try {
            thread = start(name, work);
        } catch (ThreadLimitException _) {
            work.run();
            return true;
        }
        return thread.join(bound);
    }

    /**
     * Waits for the end of a thread, no longer than {@code bound}. Work that finds no thread runs on the caller's, which may be
     * the very one that it waits for: that one is taken for ended, as it does nothing else any more.
     *
     * @return whether it has ended
     */
    public static boolean awaitEnd(Thread thread, Duration bound) throws InterruptedException {
        return thread == Thread.currentThread() || thread.join(bound);
    }

    private static Thread started(Thread thread, Thread.UncaughtExceptionHandler failed) throws ThreadLimitException {
        if (failed != null) {
            thread.setUncaughtExceptionHandler(failed);
        }
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new ThreadLimitException(thread.getName(), e);
        }
        return thread;
    }
}
