package dev.neurontp.conformance.process;

import java.time.Duration;

/**
 * How long this process stood still while it is watched: stopped by a signal (Ctrl-Z), frozen with its container, or without CPU
 * time. What it waited for came in time then, or may have, and was not seen. Any thread.
 */
public final class Standstill implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(100);

    private final Thread clock;
    private long last = System.nanoTime();
    private long longest;

    private Standstill() {
        clock = Thread.ofPlatform().daemon().name("standstill").unstarted(this::run);
    }

    /** Watches from now on, by a thread of its own. */
    public static Standstill watch() {
        Standstill watch = new Standstill();
        watch.clock.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(TICK);
                longest();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The longest one so far, with the one that ends now. */
    public synchronized Duration longest() {
        long now = System.nanoTime();
        longest = Math.max(longest, now - last - TICK.toNanos());
        last = now;
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        clock.interrupt();
    }
}
