package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.event.RingBuffer;
import dev.neurontp.harness.daemon.mapper.PoolMapper;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.PoolRecords;
import dev.neurontp.harness.daemon.pool.StartingPool;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what a daemon's pools are, so that it can be looked at after the daemon's end, whatever ended it. It follows the
 * daemon's events as any client does, on a thread of its own: nobody waits for the disk, but a pool on other hosts before its start, for a
 * moment. A change of a state is written within a moment, a line of a worker within about a second. A disk that is full or does not answer costs the history, never a pool.
 */
public final class PoolHistory implements PoolRecords {
    private static final Logger LOG = LoggerFactory.getLogger(PoolHistory.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** Between two rounds, so that a storm of events is written as one. */
    private static final Duration REST = Duration.ofMillis(100);
    /** That a pool on other hosts is about to start shall be known before it does, whatever becomes of this daemon. */
    private static final Duration BEFORE_A_START = Duration.ofMillis(500);

    /** After a write that failed. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(3);
    /** Of what has not reached the thread: a disk that does not answer must not hold the pools of days in memory. */
    static final int MOST_WAITING = 256;
    /** Ids of pools that somebody has removed: however many they are at once, nothing of them shall be left. */
    static final int MOST_REMOVED = 10_000;

    private final StateFolders folders;
    private final HistoryLimits limits;
    private final RecordedDaemon self;
    private final EventLog events;
    private final InstantSource clock;
    private final BlockingQueue<Note> notes = new ArrayBlockingQueue<>(MOST_WAITING);
    private final BlockingQueue<String> removed = new LinkedBlockingQueue<>(MOST_REMOVED);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    // Of the thread alone.
    private final TrackedPools pools;
    private Optional<HistoryFolder> folder = Optional.empty();
    private Deadline retry = Deadline.in(Duration.ZERO);
    private String lastProblem = "";
    private String lastLeft = "";
    private long seq;
    private long wakes;
    private final List<CountDownLatch> tried = new ArrayList<>();

    private volatile boolean off;
    /** Whether that was said. */
    private final AtomicBoolean full = new AtomicBoolean();

    /** What happened beside the events. */
    private sealed interface Note {
        record Created(ManagedPool pool) implements Note {}

        /**
         * Of one that is being started, or was not created.
         *
         * @param tried is opened when it was tried to write it
         */
        record Known(PoolRecord record, CountDownLatch tried) implements Note {}
    }

    /**
     * Nothing is written before {@link #start}.
     *
     * @param folders where it may write: the first that it can use
     * @param version of this daemon
     */
    public PoolHistory(
            StateFolders folders, HistoryLimits limits, String version, EventLog events, InstantSource clock) {
        this.folders = folders;
        this.limits = limits;
        this.self = RecordedDaemon.ofThisProcess(version, clock.instant());
        this.events = events;
        this.clock = clock;
        this.pools = new TrackedPools(limits, self);
    }

    /**
     * Begins.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    public void start() throws ThreadLimitException {
        DaemonThread.start("history", this::run);
    }

    @Override
    public void starting(StartingPool pool) {
        CountDownLatch tried = new CountDownLatch(1);
        note(new Note.Known(new PoolRecord(PoolRecord.FORMAT, pool.since(), self, PoolMapper.view(pool)), tried));
        if (pool.plan().placement().isEmpty() || off) {
            return;
        }
        events.ring().wake();
        try {
            tried.await(BEFORE_A_START.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // somebody ends that start
        }
    }

    @Override
    public void created(ManagedPool pool) {
        note(new Note.Created(pool));
    }

    @Override
    public void notCreated(StartingPool pool, Instant when, String reason) {
        known(new PoolRecord(PoolRecord.FORMAT, when, self, PoolMapper.notCreated(pool, when, reason)));
    }

    /** Writes that down of a pool that has never been there. */
    void known(PoolRecord record) {
        note(new Note.Known(record, new CountDownLatch(1)));
    }

    @Override
    public void removed(String id) {
        if (!off && !removed.offer(id)) {
            missed("keeps pools that were removed", MOST_REMOVED);
        }
    }

    private void note(Note note) {
        if (!off && !notes.offer(note)) {
            missed("misses pools", MOST_WAITING);
        }
    }

    private void missed(String what, int waiting) {
        if (full.compareAndSet(false, true)) {
            LOG.warn("the history {}: {} wait already for the disk, {}", what, waiting, folders.text());
        }
    }

    /** Writes what there still is, and ends; returns when that is done, or after {@code bound}. */
    public void close(Duration bound) throws InterruptedException {
        closing.countDown();
        if (!closed.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.warn("the history of this daemon's last moments is not written: {} does not answer", folders.text());
        }
    }

    private void run() {
        try {
            off = !open();
            boolean more = !off;
            while (more) {
                RingBuffer.Slice<Event> slice = events.ring().await(seq, wakes, LOOK);
                more = closing.getCount() > 0;
                wakes = events.ring().wakes(); // before the notes are taken: none is missed
                takeNotes();
                // In the last round what has come since, too.
                take(more ? slice : events.ring().after(seq));
                write(!more);
                tried.forEach(CountDownLatch::countDown);
                tried.clear();
                if (more && (slice.closed() || !slice.entries().isEmpty())) {
                    closing.await(REST.toNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            off = true;
            closed.countDown();
        }
    }

    private boolean open() {
        List<String> problems = new ArrayList<>();
        for (HistoryFolder candidate : folders.all()) {
            try {
                candidate.open();
                folder = Optional.of(candidate);
                prune(candidate);
                return true;
            } catch (IOException e) {
                problems.add(candidate.path() + ": " + FileErrors.reason(e));
            }
        }
        LOG.warn("no history of pools is kept: {}", problems.isEmpty() ? folders.text() : String.join("; ", problems));
        return false;
    }

    /** What cannot be removed stays, and costs no record of what is to come. */
    private void prune(HistoryFolder place) {
        String problem = "";
        try {
            new Pruning(place, limits).prune(clock.instant());
        } catch (IOException e) {
            problem = place.path() + ": " + FileErrors.reason(e);
            if (!problem.equals(lastLeft)) {
                LOG.warn("old files of the history of pools cannot be removed: {}", problem);
            }
        }
        lastLeft = problem;
    }

    private void takeNotes() {
        List<String> unwanted = new ArrayList<>();
        removed.drainTo(unwanted); // before the notes: those of these pools have come already
        List<Note> taken = new ArrayList<>();
        notes.drainTo(taken, MOST_WAITING);
        for (Note note : taken) {
            switch (note) {
                case Note.Created(ManagedPool pool) -> pools.add(pool);
                case Note.Known(PoolRecord record, CountDownLatch written) -> {
                    pools.add(record);
                    tried.add(written);
                }
            }
        }
        unwanted.forEach(pools::remove);
    }

    private void take(RingBuffer.Slice<Event> slice) {
        if (slice.lost() > 0) {
            pools.takeForAll(
                    events.lost(slice.lost(), slice.lastSeq() - slice.entries().size()));
        }
        slice.entries().forEach(pools::take);
        seq = slice.lastSeq();
    }

    private void write(boolean last) {
        if (folder.isEmpty() || !(last || retry.expired())) {
            return;
        }
        HistoryFolder place = folder.get();
        pools.look();
        take(events.ring().after(seq));
        try {
            if (!lastProblem.isEmpty()) {
                place.open(); // somebody may have removed it
            }
            if (pools.write(place, clock.instant(), last)) {
                prune(place);
            }
            lastProblem = "";
        } catch (IOException e) {
            retry = Deadline.in(TRY_AGAIN);
            report("the history of pools in " + place.path() + " is not up to date: " + FileErrors.reason(e));
        }
    }

    private void report(String text) {
        if (!text.equals(lastProblem)) {
            LOG.warn(text);
        }
        lastProblem = text;
    }
}
