package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.PoolView.Fate;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Removes the oldest pools of a folder. Several daemons may do that at once. */
final class Pruning {
    private final HistoryFolder folder;
    private final HistoryLimits limits;

    Pruning(HistoryFolder folder, HistoryLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /** Removes what is too old or too much. A pool that may live stays, and so does a file that is none of ours. */
    void prune(Instant now) throws IOException {
        List<HistoryFolder.Entry> pools = folder.newestFirst();
        Instant oldest = now.minus(limits.age());
        for (int i = 0; i < pools.size(); i++) {
            HistoryFolder.Entry pool = pools.get(i);
            boolean old = pool.written().isBefore(oldest);
            if ((old || i >= limits.pools()) && mayGo(pool, old)) {
                folder.delete(pool.id());
            }
        }
        folder.sweep(now);
    }

    private boolean mayGo(HistoryFolder.Entry pool, boolean old) {
        try {
            PoolRecord record = PoolRecord.read(folder.state(pool.id()), pool.id());
            Fate fate = record.over() ? Fate.GONE : record.daemon().fate(pool.written());
            return fate == Fate.GONE || (old && fate == Fate.UNKNOWN);
        } catch (IOException _) {
            return false;
        }
    }
}
