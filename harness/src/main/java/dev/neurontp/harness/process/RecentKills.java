package dev.neurontp.harness.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counts of out-of-memory kills as they were a moment ago, read once a second as long as there is a group to watch. Where the host
 * gives no thread for it nothing is known. Any thread.
 */
final class RecentKills {
    private static final Map<Path, Counts> WATCHED = new ConcurrentHashMap<>();
    private static final SecondsWatch WATCH =
            new SecondsWatch("oom-watch", RecentKills::look, () -> !WATCHED.isEmpty());

    private RecentKills() {}

    /** At the last look but one, which is 1 to 2 s ago, and at the last one. */
    private record Counts(long before, long last) {}

    /** From now on; {@code kills} is its count, which was just read. */
    static void watch(Path events, long kills) {
        WATCHED.putIfAbsent(events, new Counts(kills, kills));
        if (!WATCH.begin()) {
            WATCHED.remove(events);
        }
    }

    /** Kills that are no news; 0 where nothing is known. */
    static long before(Path events) {
        Counts counts = WATCHED.get(events);
        return counts == null ? 0 : counts.before();
    }

    private static void look() {
        WATCHED.keySet().forEach(RecentKills::read);
    }

    /** A group that is gone is watched no more. */
    private static void read(Path events) {
        WATCHED.computeIfPresent(
                events,
                (_, counts) -> OutOfMemory.kills(events)
                        .map(now -> new Counts(counts.last(), now))
                        .orElse(null));
    }
}
