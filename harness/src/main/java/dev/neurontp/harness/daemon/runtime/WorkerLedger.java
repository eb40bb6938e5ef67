package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.harness.time.KeptInterrupt;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of this daemon's workers up to date. What cannot be written is written later; a folder that does not answer holds
 * up nobody for longer than three seconds, and once. Any thread may call.
 */
public final class WorkerLedger {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerLedger.class);
    /** A write takes milliseconds, and on a host that is very busy a second. */
    private static final Duration BOUND = Duration.ofSeconds(3);
    /** For all processes of a busy host. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final DaemonFile self;
    private final Map<String, List<RankProcess>> pools = new TreeMap<>();
    private final Map<String, List<PlacedRank>> placed = new TreeMap<>();
    private final Map<String, List<Remains>> remains = new TreeMap<>();
    private List<PlacedRank> inherited = List.of();
    private RuntimeFolder folder;
    private long changes;
    private long written;
    /** One write at a time: a later state is never replaced by an earlier one. */
    private final ReentrantLock writing = new ReentrantLock();
    /** Guarded by {@link #writing}. */
    private boolean closed;
    /** Where it was written last, guarded by {@link #writing}. */
    private Optional<Path> file = Optional.empty();
    /** Whether a write waits for a folder that does not answer. */
    private volatile boolean stuck;

    private final RepeatedProblem problems = new RepeatedProblem();
    /** The last one. */
    private String problem = "this daemon is stopping";

    public WorkerLedger(RuntimeFolder folder, DaemonFile self) {
        this.folder = folder;
        this.self = self;
    }

    /**
     * Notes the ranks of a pool that a launcher is about to start on other hosts, or those that were lost of one that has ended.
     *
     * @return why it is not written yet; empty where it is
     */
    public Optional<String> place(String pool, List<PlacedRank> ranks) {
        return written(() -> placed.put(pool, List.copyOf(ranks)));
    }

    /** Writes it anew; why that cannot be done, empty where it can. */
    public Optional<String> obstacle() {
        return written(() -> {});
    }

    private Optional<String> written(Runnable change) {
        long state = change(change);
        synchronized (this) {
            return written >= state ? Optional.empty() : Optional.of(problem);
        }
    }

    /** Makes the change and writes it, or sees that it will be; the number of the change. */
    private long change(Runnable change) {
        long state;
        synchronized (this) {
            change.run();
            state = ++changes;
        }
        write();
        return state;
    }

    /** Notes what an earlier daemon has left on other hosts, in addition to what is known of that; whether that is written. */
    public boolean inherit(List<PlacedRank> left) {
        return written(() -> inherited = Stream.concat(inherited.stream(), left.stream())
                        .filter(PlacedRank::mayLive)
                        .toList())
                .isEmpty();
    }

    /** Ranks of an earlier daemon have ended. */
    public void ended(List<PlacedRank> left) {
        change(() -> inherited =
                inherited.stream().filter(rank -> !left.contains(rank)).toList());
    }

    /** Whether something may live on another host that is no daemon's any more once this one has ended. */
    public synchronized boolean hasInherited() {
        return inherited.stream().anyMatch(PlacedRank::mayLive);
    }

    /** Notes the processes of a pool. */
    public void add(String pool, List<RankProcess> ranks) {
        change(() -> pools.put(pool, List.copyOf(ranks)));
    }

    /** Notes what may be left on this host of the ranks of a pool that were lost, all of them. */
    public synchronized void lost(String pool, List<Remains> left) {
        remains.put(pool, List.copyOf(left));
    }

    /**
     * Whether every rank of every pool was seen to end, or has ended by its lease. Looks at the processes of this host where one may be left,
     * for 2 s at most: what was not seen in that time is not known to have ended.
     */
    public boolean isEmpty() throws InterruptedException {
        List<Remains> left = new ArrayList<>();
        synchronized (this) {
            Set<String> known = new TreeSet<>(pools.keySet());
            known.addAll(placed.keySet()); // one whose start has failed has no processes here
            known.addAll(remains.keySet());
            if (!known.stream().allMatch(this::mayBeOver)) {
                return false;
            }
            known.stream().filter(pool -> !placed.containsKey(pool)).forEach(pool -> left.addAll(remains.get(pool)));
        }
        // A process that hangs may hold up who reads of it: not behind a lock, and not for ever.
        AtomicBoolean gone = new AtomicBoolean(left.isEmpty());
        return gone.get()
                || (DaemonThread.runWithin(
                                LOOK,
                                "remains",
                                () -> gone.set(left.stream().allMatch(one -> one.gone(ProcessTable::read))))
                        && gone.get());
    }

    private boolean mayBeOver(String pool) {
        boolean over = placed.containsKey(pool)
                ? placed.get(pool).stream().noneMatch(PlacedRank::mayLive)
                : remains.containsKey(pool);
        return over
                && pools.getOrDefault(pool, List.of()).stream()
                        .map(RankProcess::process)
                        .allMatch(ProcessIdentity::gone);
    }

    /** The pool has ended, every rank was seen to end. */
    public void remove(String pool) {
        change(() -> {
            pools.remove(pool);
            placed.remove(pool);
            remains.remove(pool);
        });
    }

    /** Writes to {@code other} from now on. */
    void moveTo(RuntimeFolder other) {
        change(() -> folder = other);
    }

    /** Writes nothing any more. Waits for a write that has begun, as long as the folder does. */
    void close() {
        writing.lock();
        try {
            closed = true;
        } finally {
            writing.unlock();
        }
    }

    /** Makes its file look new, see {@link PrivateFile#touch}; one that is gone is written again by {@link #keep}. Waits as long as the folder does. */
    void touch() throws IOException {
        writing.lock();
        try {
            if (!closed && file.filter(Files::exists).isPresent()) {
                PrivateFile.touch(file.get());
            }
        } finally {
            writing.unlock();
        }
    }

    /** Writes what could not be written before, and all of it where its file is gone. Waits as long as the folder does. */
    void keep() {
        writing.lock();
        try {
            writeChanges();
        } finally {
            stuck = false;
            writing.unlock();
        }
    }

    private void write() {
        if (stuck) {
            return; // whoever waits for the folder, and then the next look after it, writes this too
        }
        // What is not written down is refused, and an interrupt is no wish to end a start.
        if (!KeptInterrupt.during(() -> DaemonThread.runWithin(BOUND, "worker-ledger", this::keep))) {
            stuck = writing.isLocked();
            report("its folder has not answered within " + Durations.measured(BOUND));
        }
    }

    private void writeChanges() {
        if (closed) {
            return;
        }
        List<WorkersFile.Worker> workers;
        List<PlacedRank> elsewhere;
        RuntimeFolder place;
        long state;
        boolean gone = file.filter(Files::notExists).isPresent();
        synchronized (this) {
            boolean nobody = pools.isEmpty() && placed.isEmpty() && inherited.isEmpty();
            if (written == changes && (nobody || !gone)) {
                return;
            }
            workers = workers();
            elsewhere = Stream.concat(
                            inherited.stream(), placed.values().stream().flatMap(List::stream))
                    .toList();
            place = folder;
            state = changes;
        }
        WorkersFile list = new WorkersFile(
                DaemonFile.FORMAT, self.pid(), self.startTicks(), self.bootId(), workers, elsewhere, self.host());
        try {
            Path target = place.free(place.workersFiles(self.pid()), known -> WorkersFile.isOf(self, known));
            PrivateFile.replace(target, Json.bytes(list));
            file = Optional.of(target);
            synchronized (this) {
                written = state;
            }
            problems.over();
        } catch (IOException e) {
            // The workers go by themselves when this daemon dies; only the report of the next start would miss them.
            report(e.getMessage());
        }
    }

    private void report(String why) {
        synchronized (this) {
            problem = why;
        }
        if (problems.isNew(why)) {
            LOG.warn("the list of workers is not up to date: {}", why);
        }
    }

    private List<WorkersFile.Worker> workers() {
        List<WorkersFile.Worker> workers = new ArrayList<>();
        pools.forEach((pool, ranks) -> {
            for (RankProcess rank : ranks) {
                ProcessIdentity process = rank.process();
                workers.add(new WorkersFile.Worker(
                        pool,
                        rank.rank(),
                        process.pid(),
                        process.startTicks(),
                        process.bootId(),
                        rank.device().orElse(null)));
            }
        });
        return workers;
    }
}
