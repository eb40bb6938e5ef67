package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ChildExits;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What process 1 of a container owes the others there: a process whose parent has ended becomes its child, and stays as a zombie
 * until it is reaped. Java reaps what it has started itself, and loses the exit code where another does; so all that is started goes
 * through here. Any thread.
 */
public final class OrphanReaper {
    private static final boolean IS_PROCESS_1 = ProcessHandle.current().pid() == 1;
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Held to read while a process is started: its pid is not known yet, and it may have exited already. */
    private static final ReadWriteLock STARTING = new ReentrantReadWriteLock();

    /** By pid what was started here; of those that have ended, only until the next look. */
    private static final Map<Long, Process> OWN = new ConcurrentHashMap<>();

    private OrphanReaper() {}

    /** Whether this process is process 1 of its container. */
    public static boolean isProcess1() {
        return IS_PROCESS_1;
    }

    /**
     * Reaps orphans from now on until this process ends. For process 1.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    public static void start() throws ThreadLimitException {
        DaemonThread.start("orphan-reaper", () -> {
            try {
                OptionalLong stayed = OptionalLong.empty();
                while (true) {
                    stayed = reap(stayed);
                    Thread.sleep(LOOK);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** How {@link ChildProcess} starts a process. */
    interface Starter {
        Process start() throws IOException;
    }

    /** What the starter has started is Java's to reap. */
    static Process own(Starter starter) throws IOException {
        if (!IS_PROCESS_1) {
            return starter.start();
        }
        STARTING.readLock().lock();
        try {
            Process process = starter.start();
            OWN.values().removeIf(other -> !other.isAlive());
            OWN.put(process.pid(), process);
            return process;
        } finally {
            STARTING.readLock().unlock();
        }
    }

    /**
     * Until there is none, or one that Java is about to reap. Waits for no start, which may hang: meanwhile only one is reaped that was
     * there at the last look too, so that it is not the one whose start has not told its pid yet.
     *
     * @param stayed the one that was there at the last look
     * @return the one that is there now
     */
    private static OptionalLong reap(OptionalLong stayed) {
        OWN.values().removeIf(process -> !process.isAlive());
        OptionalLong pid = ChildExits.next();
        if (STARTING.writeLock().tryLock()) {
            try {
                while (isOrphan(pid) && ChildExits.reap(pid.getAsLong())) {
                    pid = ChildExits.next();
                }
                return OptionalLong.empty();
            } finally {
                STARTING.writeLock().unlock();
            }
        }
        return isOrphan(pid) && pid.equals(stayed) && ChildExits.reap(pid.getAsLong()) ? OptionalLong.empty() : pid;
    }

    /** Not one that Java has not reaped yet; it has done so where it says that the process has ended. */
    private static boolean isOrphan(OptionalLong pid) {
        if (pid.isEmpty()) {
            return false;
        }
        Process own = OWN.get(pid.getAsLong());
        return own == null || !own.isAlive();
    }
}
