package dev.neurontp.harness.process;

import dev.neurontp.worker.os.ChildExits;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Children that Java has started and does not wait for, since the host gave it no thread. It takes them for waited for as long as this
 * process lives, and so whoever gets such a pid later. Any thread.
 */
final class UnawaitedChildren {
    /** Between two looks whether one that was killed has ended. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

    /** One that waits inside the kernel may end late: it then stays as a zombie. */
    private static final int MOST_LOOKS = 1000;

    private static final Set<Long> PIDS = ConcurrentHashMap.newKeySet();

    private UnawaitedChildren() {}

    /** Whether Java would never see the end of a child with that pid. */
    static boolean has(long pid) {
        return PIDS.contains(pid);
    }

    /** Java does not wait for the child with that pid. */
    static void add(long pid) {
        PIDS.add(pid);
    }

    /** Ends all that carry the mark, and reaps the child among them; what has ended before carries none. For 2 s or little longer. */
    static void end(ProcessMark mark) {
        for (ProcStat marked : mark.in(ProcessTable.read())) {
            if (marked.parent() == mark.leader().pid()) {
                // Before it is reaped, when its pid may be given out again.
                add(marked.pid());
                end(marked.identity());
            } else {
                marked.identity().kill();
            }
        }
    }

    /** Ends and reaps a child that Java does not wait for. */
    static void end(ProcessIdentity child) {
        child.kill();
        for (int look = 0; look < MOST_LOOKS && !ChildExits.reap(child.pid()) && isThere(child); look++) {
            LockSupport.parkNanos(LOOK);
        }
    }

    /** Not where the reaper of orphans was faster. */
    private static boolean isThere(ProcessIdentity child) {
        return Optional.of(child).equals(ProcessIdentity.of(child.pid()));
    }
}
