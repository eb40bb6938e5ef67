package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One look into some folders, the newest pools of each first, until what may be read is read or nobody waits any more. One thread
 * looks; any other may ask what was found so far, and end it.
 */
final class HistorySearch {
    private static final int MOST_PROBLEMS = 20;

    private final long mostBytes;
    private final List<PastPool> pools = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private long bytes;
    private Optional<String> end = Optional.empty();

    /** Of which {@code mostBytes} are read at most, all folders together. */
    HistorySearch(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Reads all pools of a folder. */
    void all(HistoryFolder folder) {
        if (!isUsable(folder)) {
            return;
        }
        try {
            List<HistoryFolder.Entry> entries = folder.newestFirst();
            for (int i = 0; i < entries.size() && !isCutShort(); i++) {
                HistoryFolder.Entry entry = entries.get(i);
                if (!fits(entry.bytes())) {
                    problem("the older pools in " + folder.path() + " are left out (" + (entries.size() - i)
                            + "): at most " + (mostBytes >> 20) + " MiB are read at a time");
                    return;
                }
                read(folder, entry.id());
            }
        } catch (IOException e) {
            problem(folder.path() + " is left out: " + FileErrors.reason(e));
        }
    }

    /** Reads that pool, where it is there. */
    void one(HistoryFolder folder, String id) {
        if (isUsable(folder)) {
            read(folder, id);
        }
    }

    private boolean fits(long more) {
        // What is too large is not read, and named.
        bytes += more > PoolRecord.MOST_BYTES ? 0 : more;
        return bytes <= mostBytes;
    }

    private boolean isUsable(HistoryFolder folder) {
        if (isCutShort() || !folder.exists()) {
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
            add(new PastPool(
                    folder,
                    record,
                    record.daemon()
                            .fate(Files.getLastModifiedTime(folder.state(id), LinkOption.NOFOLLOW_LINKS)
                                    .toInstant())));
        } catch (NoSuchFileException _) {
            // there is no such pool, or a daemon has just removed it
        } catch (IOException e) {
            problem(folder.state(id) + " is left out: " + FileErrors.reason(e));
        }
    }

    private synchronized void add(PastPool pool) {
        if (end.isEmpty() && seen.add(pool.id())) {
            pools.add(pool);
        }
    }

    private synchronized void problem(String text) {
        if (end.isEmpty() && problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        }
    }

    /** Nothing more is read, for that reason. */
    synchronized void cutShort(String reason) {
        end = Optional.of(reason);
    }

    synchronized boolean isCutShort() {
        return end.isPresent();
    }

    /** Those that were read, in no order. */
    synchronized List<PastPool> pools() {
        return List.copyOf(pools);
    }

    synchronized PastPools.Found found() {
        List<String> all = new ArrayList<>(problems);
        end.ifPresent(reason -> all.addFirst(
                reason + ": pools are left out (read, the newest of a folder first: " + pools.size() + ")"));
        return new PastPools.Found(
                pools.stream()
                        .filter(PastPool::isPast)
                        .sorted(Comparator.comparing(PastPool::created))
                        .toList(),
                all);
    }
}
