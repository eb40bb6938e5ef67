package dev.neurontp.conformance.process;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads that attend to one worker's pipes. An error that ends one of them is the judge's own: it is told to whoever waits for
 * the worker, whose silence it is not. Any thread.
 */
final class Attendants {

    static final long STACK = 512 << 10;

    private final String prefix;
    private final AtomicReference<IllegalStateException> failure = new AtomicReference<>();

    Attendants(long pid) {
        this.prefix = "worker-" + pid + "-";
    }

    /** One of them, not started. */
    Thread of(String what, Runnable body) {
        String name = prefix + what;
        Thread thread = new Thread(null, body, name, STACK);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((_, e) -> failed(name, e));
        return thread;
    }

    private void failed(String name, Throwable e) {
        failure.compareAndSet(null, new IllegalStateException("the judge failed at " + name + ": " + e, e));
    }

    /**
     * Returns where nothing has failed so far.
     *
     * @throws IllegalStateException if one of them was ended by an error
     */
    void requireSound() {
        IllegalStateException failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }
}
