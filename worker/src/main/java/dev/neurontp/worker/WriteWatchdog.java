package dev.neurontp.worker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the thread that reads stdin while it writes a reply: if nobody takes that reply, it sees the end of stdin no
 * more. Sleeps while nothing is written. One thread writes.
 */
final class WriteWatchdog {
    private static final long LOOK_NANOS = 500_000_000;

    private final Runnable heldUp;
    private final Thread watcher = new Thread(this::watch, "write-watch");
    /** Beginnings and ends: odd while a write is under way. */
    private final AtomicLong steps = new AtomicLong();

    private boolean started;
    private volatile boolean asleep;

    /**
     * A watch that has not begun.
     *
     * @param heldUp run about twice a second while one write goes on, on a thread of this watch
     */
    WriteWatchdog(Runnable heldUp) {
        this.heldUp = heldUp;
        watcher.setDaemon(true);
    }

    /** Before a write. */
    void begin() {
        steps.incrementAndGet();
        if (!started) {
            started = true;
            watcher.start();
        } else if (asleep) {
            LockSupport.unpark(watcher);
        }
    }

    /** After it. */
    void end() {
        steps.incrementAndGet();
    }

    private void watch() {
        while (true) {
            long seen = steps.get();
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (steps.get() == seen) {
                if (seen % 2 == 1) {
                    heldUp.run();
                } else {
                    sleepUntilNext(seen);
                }
            }
        }
    }

    private void sleepUntilNext(long seen) {
        asleep = true;
        while (steps.get() == seen) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
