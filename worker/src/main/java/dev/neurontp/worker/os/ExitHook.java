package dev.neurontp.worker.os;

import java.time.Duration;

/**
 * Work to be done when the JVM ends, by a signal too, until it is taken back. Any thread may call. The JVM waits for its hooks
 * without a bound, so what may wait for a reader of stdout belongs into a hook with one.
 */
public final class ExitHook {
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

    /** Does nothing when the JVM is ending already. */
    public synchronized void install() {
        if (installed) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(thread);
            installed = true;
        } catch (IllegalStateException _) {
            // The exit has begun: whoever installs this ends with it.
            installed = false;
        }
    }

    public synchronized void remove() {
        if (!installed) {
            return;
        }
        installed = false;
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException _) {
            // The exit has begun: the hook runs, and its work is idempotent.
            return;
        }
    }
}
