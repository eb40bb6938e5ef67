package dev.neurontp.worker.os;

/**
 * Starts threads that do not keep the process alive. The error for a thread that cannot be started names the limit that
 * is reached.
 */
public final class DaemonThread {
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
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        if (failed != null) {
            thread.setUncaughtExceptionHandler(failed);
        }
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new ThreadLimitException(name, e);
        }
        return thread;
    }
}
