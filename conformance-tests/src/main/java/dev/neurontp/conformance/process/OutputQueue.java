package dev.neurontp.conformance.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What came out of a worker and nobody has taken yet. Where much of it waits its reader waits too, so that a worker fills its pipe, and
 * not the judge's memory. Any thread.
 */
final class OutputQueue {

    private static final int MOST = 50_000;
    /** Of one that waits alone there may be more: the longest line that is read has more. */
    private static final long MOST_BYTES = 32L << 20;

    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Output> outputs = new ArrayDeque<>();
    private long bytes;

    /** Adds one, once there is room for it. */
    void put(Output output) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!hasRoomFor(output)) {
                changed.await();
            }
            add(output);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoomFor(Output output) {
        return outputs.isEmpty() || (outputs.size() < MOST && bytes + output.weight() <= MOST_BYTES);
    }

    private void add(Output output) {
        outputs.add(output);
        bytes += output.weight();
        changed.signalAll();
    }

    /** Drops all that waits: the end comes next. */
    void end(Output.End end) {
        lock.lock();
        try {
            outputs.clear();
            bytes = 0;
            add(end);
        } finally {
            lock.unlock();
        }
    }

    /** Puts the end back behind what waits, for whoever asks after it. */
    void putBack(Output.End end) {
        lock.lock();
        try {
            add(end);
        } finally {
            lock.unlock();
        }
    }

    /** The next one, which stays; null where none waits. */
    Output peek() {
        lock.lock();
        try {
            return outputs.peek();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next one, waited for so long at most; null where none came. */
    Output poll(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (outputs.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            Output output = outputs.poll();
            if (output != null) {
                bytes -= output.weight();
                changed.signalAll();
            }
            return output;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return outputs.size();
        } finally {
            lock.unlock();
        }
    }
}
