package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pools that are being written down. For one thread. */
final class TrackedPools {
    /** Of pools that cannot be written: a disk that is full must not hold those of days in memory. */
    private static final int MOST_UNWRITTEN = 64;

    /** The same of those that were never there, which are small: as many as may come between two writes. */
    private static final int MOST_RECORDS = PoolHistory.MOST_WAITING;

    /** The same of ids. */
    private static final int MOST_UNWANTED = PoolHistory.MOST_REMOVED;

    private static final int MOST_EARLY = 256;
    /** Between two writes of what changes no state. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private final HistoryLimits limits;
    private final RecordedDaemon daemon;
    private final Map<String, TrackedPool> pools = new LinkedHashMap<>();
    /** Events of pools that are not known yet: they are reported while they are being created. */
    private final Deque<Event> early = new ArrayDeque<>();

    private final Deque<PoolRecord> unwritten = new ArrayDeque<>();
    private final Deque<String> unwanted = new ArrayDeque<>();
    private Deadline quiet = Deadline.in(Duration.ZERO);
    private boolean more;

    TrackedPools(HistoryLimits limits, RecordedDaemon daemon) {
        this.limits = limits;
        this.daemon = daemon;
    }

    void add(ManagedPool pool) {
        forgetUnwritten(pool.id());
        TrackedPool tracked = new TrackedPool(pool, limits);
        pools.put(pool.id(), tracked);
        for (Iterator<Event> each = early.iterator(); each.hasNext(); ) {
            Event event = each.next();
            if (isOf(event, pool.id())) {
                tracked.take(event);
                each.remove();
            }
        }
        more = true;
    }

    /** Of one that is being started, or will never be there. */
    void add(PoolRecord record) {
        if (record.over()) {
            early.removeIf(event -> isOf(event, record.pool().id()));
        }
        forgetUnwritten(record.pool().id());
        unwritten.addLast(record);
        if (unwritten.size() > MOST_RECORDS) {
            unwritten.removeFirst();
        }
        more = true;
    }

    private void forgetUnwritten(String id) {
        unwritten.removeIf(record -> record.pool().id().equals(id));
    }

    private static boolean isOf(Event event, String id) {
        return event.pool().filter(pool -> pool.pool().equals(id)).isPresent();
    }

    /** Nothing of that pool shall be left. */
    void remove(String id) {
        pools.remove(id);
        forgetUnwritten(id);
        unwanted.addLast(id);
        if (unwanted.size() > MOST_UNWANTED) {
            unwanted.removeFirst();
        }
    }

    void take(Event event) {
        if (event.pool().isEmpty()) {
            return;
        }
        TrackedPool pool = pools.get(event.pool().get().pool());
        if (pool != null) {
            pool.take(event);
        } else if (!(event.data() instanceof EventData.PoolForgotten)) {
            early.addLast(event);
            if (early.size() > MOST_EARLY) {
                early.removeFirst();
            }
        }
    }

    void takeForAll(Event event) {
        pools.values().forEach(pool -> pool.take(event));
    }

    /** Looks at the states of all; the events that led to them are taken after that. */
    void look() {
        pools.values().forEach(TrackedPool::look);
    }

    /**
     * Writes what has changed; what cannot be written is still to be written.
     *
     * @param all also what could wait
     * @return whether there are more pools in the folder than before
     * @throws IOException with the first reason, after all were tried
     */
    boolean write(HistoryFolder folder, Instant now, boolean all) throws IOException {
        List<IOException> problems = new ArrayList<>();
        attempt(problems, () -> {
            while (!unwritten.isEmpty()) {
                TrackedPool.write(folder, unwritten.getFirst());
                unwritten.removeFirst();
            }
        });
        attempt(problems, () -> {
            while (!unwanted.isEmpty()) {
                folder.delete(unwanted.getFirst());
                unwanted.removeFirst();
            }
        });
        boolean quietToo = all || quiet.expired();
        for (TrackedPool pool : pools.values()) {
            if (quietToo || pool.isUrgent()) {
                attempt(problems, () -> pool.write(folder, daemon, now));
            }
        }
        if (quietToo) {
            quiet = Deadline.in(QUIET);
        }
        forget(problems.isEmpty() ? 0 : MOST_UNWRITTEN);
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
        boolean added = more;
        more = false;
        return added;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(List<IOException> problems, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            problems.add(e);
        }
    }

    /** Those that are done, but for so many of the newest. */
    private void forget(int kept) {
        List<TrackedPool> done =
                pools.values().stream().filter(TrackedPool::isDone).toList();
        done.stream()
                .limit(Math.max(0, done.size() - kept))
                .forEach(pool -> pools.remove(pool.pool().id()));
    }
}
