package dev.neurontp.harness.daemon.pool;

import java.util.LinkedHashSet;

/** The newest of many ids. Any thread may call. */
final class RecentIds {
    private final int most;
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();

    RecentIds(int most) {
        this.most = most;
    }

    synchronized void add(String id) {
        ids.add(id);
        if (ids.size() > most) {
            ids.removeFirst();
        }
    }

    synchronized boolean contains(String id) {
        return ids.contains(id);
    }
}
