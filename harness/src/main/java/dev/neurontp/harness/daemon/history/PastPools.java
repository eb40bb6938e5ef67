package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.runtime.BoundedAccess;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Reads what daemons have written down of pools that are not served any more. Nothing is written. Each call is bounded, also where
 * a file system does not answer. Any thread may call.
 */
public final class PastPools {
    /** A file system that answers needs milliseconds; a busy host more. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    /** Of each rank, as a daemon shows them. */
    private static final int LAST_LINES = 10;

    /** Of threads that a file system holds for ever. */
    private static final int MOST_READERS = 4;

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
     * All of them.
     *
     * @throws IOException when a file system does not answer, with its folder
     */
    public Found all() throws IOException, InterruptedException {
        return bounded(() -> {
            Search search = new Search();
            folders.all().forEach(search::all);
            return search.found();
        });
    }

    /**
     * The one with that id, or else the newest of that name.
     *
     * @throws IOException when a file system does not answer, with its folder
     */
    public Optional<PastPool> find(String idOrName) throws IOException, InterruptedException {
        return bounded(() -> {
            Search search = new Search();
            if (HistoryFolder.isId(idOrName)) {
                folders.all().forEach(folder -> search.one(folder, idOrName));
            }
            if (search.pools.isEmpty()) {
                folders.all().forEach(search::all);
                search.pools.removeIf(pool -> !pool.isNamed(idOrName));
            }
            return search.pools.stream().filter(PastPool::isPast).max(Comparator.comparing(PastPool::created));
        });
    }

    /**
     * All that is known of a pool.
     *
     * @throws IOException when its files cannot be read, with the reason
     */
    public PoolView view(PastPool pool) throws IOException, InterruptedException {
        List<LogLines.Line> lines = lines(pool).lines();
        PoolView view = pool.view();
        List<PoolView.Rank> ranks = new ArrayList<>();
        for (PoolView.Rank rank : view.ranks()) {
            List<String> own = lines.stream()
                    .filter(line -> line.rank() == rank.rank())
                    .map(LogLines.Line::text)
                    .toList();
            ranks.add(rank.recorded(rank.state(), own.subList(Math.max(0, own.size() - LAST_LINES), own.size())));
        }
        return view.withRanks(ranks);
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

    /** One look into some folders. For one thread. */
    private static final class Search {
        private static final int MOST_PROBLEMS = 20;

        private final List<PastPool> pools = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        void all(HistoryFolder folder) {
            if (isUsable(folder)) {
                try {
                    folder.ids().forEach(id -> read(folder, id));
                } catch (IOException e) {
                    problem(folder.path() + " is left out: " + FileErrors.reason(e));
                }
            }
        }

        void one(HistoryFolder folder, String id) {
            if (isUsable(folder)) {
                read(folder, id);
            }
        }

        private boolean isUsable(HistoryFolder folder) {
            if (!folder.exists()) {
                return false;
            }
            try {
                folder.require();
                return true;
            } catch (IOException e) {
                problem(FileErrors.reason(e));
                return false;
            }
        }

        private void read(HistoryFolder folder, String id) {
            try {
                PoolRecord record = PoolRecord.read(folder.state(id), id);
                if (seen.add(id)) {
                    pools.add(new PastPool(
                            folder,
                            record,
                            record.daemon()
                                    .fate(Files.getLastModifiedTime(folder.state(id), LinkOption.NOFOLLOW_LINKS)
                                            .toInstant())));
                }
            } catch (NoSuchFileException _) {
                // there is no such pool, or a daemon has just removed it
            } catch (IOException e) {
                problem(folder.state(id) + " is left out: " + FileErrors.reason(e));
            }
        }

        private void problem(String text) {
            if (problems.size() < MOST_PROBLEMS) {
                problems.add(text);
            }
        }

        Found found() {
            return new Found(
                    pools.stream()
                            .filter(PastPool::isPast)
                            .sorted(Comparator.comparing(PastPool::created))
                            .toList(),
                    problems);
        }
    }
}
