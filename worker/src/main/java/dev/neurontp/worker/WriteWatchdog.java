package dev.neurontp.worker;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the thread that reads stdin while it writes a reply: while nobody reads that reply, it cannot see the end
 * of stdin. Sleeps while nothing is written. One thread writes.
 */
final class WriteWatchdog {
    private static final long LOOK_NANOS = 500_000_000;

    private final Runnable heldUp;
    /** Beginnings and ends: odd while a write is under way. */
    private final AtomicLong steps = new AtomicLong();

    private Thread watcher;
    private volatile boolean asleep;

    /**
     * A watch that has not begun.
     *
     * @param heldUp run about twice a second while one write goes on, on a thread of this watch
     */
    WriteWatchdog(Runnable heldUp) {
        this.heldUp = heldUp;
    }

    /** Before a write; false where none can be watched, because the host gives no more threads. */
    boolean begin() {
        if (watcher == null) {
            try {
                watcher = DaemonThread.start("write-watch", this::watch);
            } catch (ThreadLimitException _) {
                // The thread that answers writes instead, and another time may be better.
                return false;
            }
        }
        steps.incrementAndGet();
        if (asleep) {
            LockSupport.unpark(watcher);
        }
        return true;
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
