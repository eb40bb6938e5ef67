package dev.neurontp.worker.os;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work to be done when the JVM ends, by a signal too, until it is taken back. Any thread may call. The JVM waits for its hooks
 * without a bound, so what may wait for a reader of stdout belongs into a hook with one.
 */
public final class ExitHook {
    private static final AtomicInteger INSTALLED = new AtomicInteger();

    private final Thread thread;
    private boolean installed;

    /** Work that has bounds of its own. */
    public ExitHook(String name, Runnable work) {
        this.thread = new Thread(null, work, name);
    }

    /** Work that the JVM waits for no longer than that. */
    public static ExitHook bounded(String name, Duration bound, Runnable work) {
        return new ExitHook(name, () -> {
            try {
                DaemonThread.runWithin(bound, name, work);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Whether there is work of anybody's that an exit would do. */
    static boolean any() {
        return INSTALLED.get() > 0;
    }

    /** Returns whether the work will be done at the exit: not when the JVM is ending already. */
    public synchronized boolean install() {
        if (installed) {
            return true;
        }
        try {
            Runtime.getRuntime().addShutdownHook(thread);
            INSTALLED.incrementAndGet();
            installed = true;
        } catch (IllegalStateException _) {
            // The exit has begun: whoever installs this ends with it.
            installed = false;
        }
        return installed;
    }

    public synchronized void remove() {
        if (!installed) {
            return;
        }
        installed = false;
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
            INSTALLED.decrementAndGet();
        } catch (IllegalStateException _) {
            // The exit has begun: the hook runs, and its work is idempotent.
            return;
        }
    }
}
