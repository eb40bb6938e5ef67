package dev.neurontp.conformance.process;

import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker and all that it has started, as far as it was seen. A child shows whose it is for as long as its parent lives, so it is
 * remembered: afterwards one with a session and an environment of its own is nobody's. Any thread.
 */
final class WorkerFamily {

    private final long pid;
    private final WorkerMark mark;
    private final long since;
    private final boolean remembers;
    /** The start of each by its pid: who has that pid later is somebody else. */
    private final Map<Long, Long> seen = new HashMap<>();

    /**
     * That of a worker.
     *
     * @param since its start by {@link RunningProcesses#startOf}
     * @param remembers false for a launcher, which may leave processes that are its own
     */
    WorkerFamily(long pid, WorkerMark mark, long since, boolean remembers) {
        this.pid = pid;
        this.mark = mark;
        this.since = since;
        this.remembers = remembers;
    }

    /** Looks at the descendants that it has now: before anything that may end it. Where none can be seen, none is remembered. */
    synchronized void remember() {
        if (remembers) {
            RunningProcesses.addDescendants(pid, since, seen);
        }
    }

    /** The same of its children alone, which takes far less: for every few milliseconds of its life. */
    synchronized void glance() {
        if (remembers) {
            RunningProcesses.addChildren(pid, since, seen);
        }
    }

    /**
     * Those that still run, the worker itself too while it lives; empty where there is no /proc.
     *
     * @throws UncheckedIOException if /proc cannot be read
     */
    synchronized List<RunningProcesses.Found> running() {
        remember();
        return RunningProcesses.of(pid, mark, since, seen);
    }

    /** Kills them, and those that they start meanwhile; nobody where /proc cannot be read. */
    synchronized void kill() {
        remember();
        RunningProcesses.kill(pid, mark, since, seen);
    }
}
