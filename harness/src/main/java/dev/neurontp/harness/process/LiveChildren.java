package dev.neurontp.harness.process;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whether this process has children that live. Any thread. */
public final class LiveChildren {
    private static final Map<Long, Process> STARTED = new ConcurrentHashMap<>();
    private static volatile boolean started;

    private LiveChildren() {}

    /** One is about to be started. */
    static void begin() {
        started = true;
    }

    /** That one was. */
    static void add(Process child) {
        STARTED.put(child.pid(), child);
    }

    /** The pids of those that live, or have ended just now. */
    static Set<Long> pids() {
        STARTED.values().removeIf(child -> !child.isAlive());
        return Set.copyOf(STARTED.keySet());
    }

    /**
     * Whether one is seen. Where none was ever started by {@link ChildProcess}, nothing is looked at; else all processes of the host.
     */
    public static boolean any() {
        long self = ProcessHandle.current().pid();
        // Not Java's own look at /proc, which throws where there is no descriptor for it.
        return started
                && ProcessTable.read().processes().stream()
                        .anyMatch(process -> process.parent() == self && !process.zombie());
    }
}
