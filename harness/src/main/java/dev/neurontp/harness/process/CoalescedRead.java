package dev.neurontp.harness.process;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A read that many threads want at once: those who ask while one is under way share the next. So what a caller gets was read after it
 * had asked, as if it had read by itself. Any thread.
 */
final class CoalescedRead<T> {
    private final Supplier<T> source;
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicLong begun = new AtomicLong();
    private long done;
    private T last;

    /**
     * @param source reads; it gives no null, and is called by one thread at a time
     */
    CoalescedRead(Supplier<T> source) {
        this.source = source;
    }

    /** Waits for the read under way, if any, and for one more at most. */
    T get() {
        long before = begun.get();
        reading.lock();
        try {
            T shared = last;
            if (done <= before || shared == null) {
                last = null;
                long number = begun.incrementAndGet();
                shared = source.get();
                done = number;
                last = shared;
            }
            if (!reading.hasQueuedThreads()) {
                last = null; // nobody to share it with
            }
            return shared;
        } finally {
            reading.unlock();
        }
    }
}
