package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.process.BoundedAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Reads, and removes, what daemons have written down of pools that are not served any more. Each call is bounded, also where
 * a file system does not answer. Any thread may call.
 */
public final class PastPools {
    /** A file system that answers needs milliseconds; a busy host more. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    /** Of each rank, as a daemon shows them. */
    private static final int LAST_LINES = 10;

    /** Of threads that a file system holds for ever. */
    private static final int MOST_READERS = 4;

    /** Of what was written down of pools, in one look: far more than a daemon keeps, and some times that as objects. */
    private static final long MOST_BYTES = 64 << 20;

    private final StateFolders folders;
    private final BoundedAccess readers = new BoundedAccess("history-read", MOST_READERS);

    /** Those in {@code folders}. */
    public PastPools(StateFolders folders) {
        this.folders = folders;
    }

    /**
     * What was found.
     *
     * @param pools the oldest first
     * @param problems why a folder or a file could not be read, a sentence each, 20 at most
     */
    public record Found(List<PastPool> pools, List<String> problems) {
        public Found {
            pools = List.copyOf(pools);
            problems = List.copyOf(problems);
        }
    }

    /** The folders that are looked into. */
    public String places() {
        return folders.text();
    }

    /**
     * All of them; where not all were read in time, the newest, and a problem that says so.
     *
     * @throws IOException when a file system does not answer, with its folder, and nothing was read
     */
    public Found all() throws IOException, InterruptedException {
        HistorySearch search = new HistorySearch(MOST_BYTES);
        look(search, folders.all(), search::all);
        return search.found();
    }

    /**
     * The one with that id, or else the newest of that name.
     *
     * @throws IOException when it was not found, and a file system does not answer, with its folder, or the file of that id cannot be
     *     read, with the reason
     */
    public Optional<PastPool> find(String idOrName) throws IOException, InterruptedException {
        HistorySearch search = new HistorySearch(MOST_BYTES);
        if (HistoryFolder.isId(idOrName)) {
            look(search, folders.all(), folder -> search.one(folder, idOrName));
        }
        List<String> problems = search.found().problems();
        if (search.pools().isEmpty()) {
            look(search, folders.all(), search::all);
        }
        Optional<PastPool> found = search.pools().stream()
                .filter(pool -> pool.id().equals(idOrName) || pool.isNamed(idOrName))
                .filter(PastPool::isPast)
                .max(Comparator.comparing(PastPool::created));
        if (found.isEmpty() && search.isCutShort()) {
            throw notRead();
        }
        if (found.isEmpty() && !problems.isEmpty()) {
            throw new IOException(problems.getFirst());
        }
        return found;
    }

    /** All that is known of a pool. Where its lines cannot be read each rank has one that says why. */
    public PoolView view(PastPool pool) throws InterruptedException {
        PoolView view = pool.view();
        IntFunction<List<String>> lines = lastLines(pool);
        return view.withRanks(view.ranks().stream()
                .map(rank -> rank.recorded(rank.state(), lines.apply(rank.rank())))
                .toList());
    }

    private IntFunction<List<String>> lastLines(PastPool pool) throws InterruptedException {
        try {
            List<LogLines.Line> lines = lines(pool).lines();
            return rank -> {
                List<String> own = lines.stream()
                        .filter(line -> line.rank() == rank)
                        .map(LogLines.Line::text)
                        .toList();
                return own.subList(Math.max(0, own.size() - LAST_LINES), own.size());
            };
        } catch (IOException e) {
            List<String> why = List.of("(its lines cannot be read: " + FileErrors.reason(e) + ")");
            return _ -> why;
        }
    }

    /**
     * What happened to it, as far as that was kept, the oldest first.
     *
     * @throws IOException when its file cannot be read, with the reason
     */
    public List<EventView> events(PastPool pool) throws IOException, InterruptedException {
        return bounded(() -> EntryFile.read(pool.folder().events(pool.id()), EventView.class))
                .entries();
    }

    /**
     * What its workers wrote, as far as that was kept.
     *
     * @throws IOException when its file cannot be read, with the reason
     */
    public LogLines lines(PastPool pool) throws IOException, InterruptedException {
        EntryFile.Entries<LogLines.Line> read =
                bounded(() -> EntryFile.read(pool.folder().lines(pool.id()), LogLines.Line.class));
        long last = read.entries().isEmpty() ? 0 : read.entries().getLast().seq();
        return new LogLines(read.entries(), last, read.dropped());
    }

    /**
     * Removes all that was written down of a pool.
     *
     * @param pool one that {@link PastPool#isOver is over}
     * @throws IOException when its files cannot be removed, with the reason
     */
    public void remove(PastPool pool) throws IOException, InterruptedException {
        bounded(() -> {
            pool.folder().delete(pool.id());
            return null;
        });
    }

    /** Looks into one folder after the other until the time is over. */
    private void look(HistorySearch search, List<HistoryFolder> where, Consumer<HistoryFolder> look)
            throws IOException, InterruptedException {
        try {
            readers.within(BOUND, BOUND, () -> {
                where.forEach(look);
                return null;
            });
        } catch (BoundedAccess.NoAnswerException _) {
            search.cutShort("the history in " + places() + " was not read whole within " + BOUND.toSeconds() + " s");
            if (search.pools().isEmpty()) {
                throw notRead();
            }
        }
    }

    private <T> T bounded(Callable<T> look) throws IOException, InterruptedException {
        try {
            return readers.within(BOUND, BOUND, look);
        } catch (BoundedAccess.NoAnswerException _) {
            throw notRead();
        }
    }

    private IOException notRead() {
        return new IOException("the history in " + places() + " was not read within " + BOUND.toSeconds() + " s");
    }
}
