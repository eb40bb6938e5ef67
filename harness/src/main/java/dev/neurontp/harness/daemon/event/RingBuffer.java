package dev.neurontp.harness.daemon.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/**
 * Numbered entries, the newest kept, and a way to wait for the next. Readers keep only a number: a slow one costs
 * nothing and learns how much it missed. Any thread may call.
 *
 * @param <E> an entry
 */
public final class RingBuffer<E> {
    /** Creates an entry that knows its number. */
    @FunctionalInterface
    public interface EntryFactory<E> {
        E create(long seq);
    }

    private final int capacity;
    private final long weightLimit;
    private final ToLongFunction<E> weigher;
    private final ArrayDeque<E> entries = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long lastSeq;
    private long weight;
    private long wakes;
    private boolean closed;

    /**
     * Keeps at most so many.
     *
     * @param capacity entries
     * @param weightLimit of all entries together
     * @param weigher what one entry weighs
     */
    public RingBuffer(int capacity, long weightLimit, ToLongFunction<E> weigher) {
        this.capacity = capacity;
        this.weightLimit = weightLimit;
        this.weigher = weigher;
    }

    /** Adds the next entry, numbered from 1, and drops the oldest where there is no room. */
    public void add(EntryFactory<E> factory) {
        add(factory, false);
    }

    /** Adds one entry that stays the last: nothing is added any more, and readers that wait return. */
    public void closeAfter(EntryFactory<E> factory) {
        add(factory, true);
    }

    private void add(EntryFactory<E> factory, boolean last) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = last;
            E entry = factory.create(++lastSeq);
            entries.addLast(entry);
            weight += weigher.applyAsLong(entry);
            while (entries.size() > capacity || (weight > weightLimit && entries.size() > 1)) {
                weight -= weigher.applyAsLong(entries.removeFirst());
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is added any more; readers that wait return. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What all entries together weigh. */
    public long weight() {
        lock.lock();
        try {
            return weight;
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a reader gets.
     *
     * @param lost how many entries after the one asked for are not there any more
     * @param entries what is there after it
     * @param lastSeq of the newest entry there is
     * @param closed whether nothing will come any more
     */
    public record Slice<E>(long lost, List<E> entries, long lastSeq, boolean closed) {}

    /** What is there after {@code seq}; never waits. */
    public Slice<E> after(long seq) {
        lock.lock();
        try {
            long oldest = lastSeq - entries.size() + 1;
            long lost = Math.max(0, oldest - 1 - seq);
            long skip = Math.max(0, seq - (oldest - 1));
            List<E> found = skip >= entries.size()
                    ? List.of()
                    : entries.stream().skip(skip).toList();
            return new Slice<>(lost, found, lastSeq, closed);
        } finally {
            lock.unlock();
        }
    }

    /** How often {@link #wake} was called. */
    public long wakes() {
        lock.lock();
        try {
            return wakes;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the waits of readers that know of fewer wakes: there is something else to look at. */
    public void wake() {
        lock.lock();
        try {
            wakes++;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there is something after {@code seq}, nothing will come any more, or the time is over. */
    public Slice<E> await(long seq, Duration limit) throws InterruptedException {
        return await(seq, Long.MAX_VALUE, limit);
    }

    /** The same, or until there were more wakes than those of which the reader knows. */
    public Slice<E> await(long seq, long known, Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (lastSeq <= seq && !closed && left > 0 && wakes <= known) {
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return after(seq);
    }

    public long lastSeq() {
        lock.lock();
        try {
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }
}
