package dev.neurontp.harness.process;

import dev.neurontp.harness.time.KeptInterrupt;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The turns of starts: one at a time, but not behind one that hangs, as where its program is on a file system that answers nothing. Who has
 * had the turn for too long loses it, to one of those who wait. The more have lost it, the shorter is the next turn. Any thread.
 */
final class StartTurns {
    /** A start takes a few milliseconds. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Whose turn it is, or null. */
    private Turn current;

    private long since;
    private int overdue;

    /** One turn, which has to be ended. */
    final class Turn implements AutoCloseable {
        @Override
        public void close() {
            lock.lock();
            try {
                if (current == this) {
                    current = null;
                    changed.signalAll();
                } else {
                    overdue--;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for it; an interrupt is kept for the caller. */
    Turn take() {
        lock.lock();
        try {
            return KeptInterrupt.during(this::next);
        } finally {
            lock.unlock();
        }
    }

    private Turn next() throws InterruptedException {
        while (current != null) {
            long left = TURN.toNanos() / (overdue + 1) - (System.nanoTime() - since);
            if (left <= 0) {
                overdue++;
                break;
            }
            changed.await(left, TimeUnit.NANOSECONDS);
        }
        current = new Turn();
        since = System.nanoTime();
        return current;
    }
}
