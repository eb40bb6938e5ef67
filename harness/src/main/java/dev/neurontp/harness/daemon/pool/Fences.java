package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.daemon.runtime.RepeatedProblem;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.DaemonThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of ranks that were lost: nobody has seen the end of the worker, and it may hold them. Several ranks may share a device: each
 * has a fence of its own. Any thread.
 */
final class Fences {
    private static final Logger LOG = LoggerFactory.getLogger(Fences.class);
    /** For all processes of a busy host. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Clock clock;
    private final Set<Fence> fences = new LinkedHashSet<>();
    /** Of one look. */
    private final Semaphore free = new Semaphore(1);

    private final RepeatedProblem problems = new RepeatedProblem();

    Fences(Clock clock) {
        this.clock = clock;
    }

    /** From now on nobody gets what these may hold: each has the end of its lease. */
    synchronized void add(List<PlacedRank> lost) {
        lost.stream().filter(PlacedRank::needsDevice).map(Fence.ByLease::new).forEach(fences::add);
    }

    /** From now on nobody gets what these processes may hold. */
    synchronized void addProcesses(List<Fence.ByProcess> lost) {
        fences.addAll(lost);
    }

    /** From now on nobody gets what this may hold for that reason, see {@link Fence.KeptApart}: it has the end of that. */
    synchronized void keepApart(PlacedRank rank, String reason) {
        if (rank.needsDevice()) {
            fences.add(new Fence.KeptApart(rank, reason));
        }
    }

    /** One without an end is longer than any other. */
    private static Fence longer(Fence one, Fence other) {
        if (one.until().isEmpty() || other.until().isEmpty()) {
            return one.until().isEmpty() ? one : other;
        }
        return one.until().get().isBefore(other.until().get()) ? other : one;
    }

    /** These were seen to end. */
    synchronized void remove(List<PlacedRank> ended) {
        ended.stream().map(Fence.ByLease::new).forEach(fences::remove);
    }

    /**
     * Takes away those that are over. Looks at the processes of this host where one is about them, for a bounded time: a process that hangs
     * may hold up who reads of it, so no lock of others may be held.
     */
    void look() throws InterruptedException {
        removeOver(); // a look that hangs must not keep what needs none
        if (processes().isEmpty()) {
            problems.over();
            return;
        }
        // One that hangs must not be followed by others, each of which would have a thread.
        boolean seen = free.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS)
                && DaemonThread.runWithin(LOOK, "fences", this::lookOnce);
        String problem = "what keeps devices apart could not be looked at within " + Durations.time(LOOK);
        if (seen) {
            problems.over();
        } else if (problems.isNew(problem)) {
            LOG.warn(problem);
        }
    }

    private synchronized void removeOver() {
        Instant now = clock.instant();
        fences.removeIf(fence -> fence instanceof Fence.Placed placed && placed.isOver(now));
    }

    private synchronized List<Fence.ByProcess> processes() {
        return fences.stream()
                .filter(Fence.ByProcess.class::isInstance)
                .map(Fence.ByProcess.class::cast)
                .toList();
    }

    private void lookOnce() {
        try {
            Supplier<ProcessTable> table = new OneLook();
            List<Fence.ByProcess> over = processes().stream()
                    .filter(fence -> fence.remains().gone(table))
                    .toList();
            synchronized (this) {
                over.forEach(fences::remove);
            }
        } finally {
            free.release();
        }
    }

    /** The one that stands before the plan longest, by the last {@link #look}; empty for none. */
    synchronized Optional<Fence> before(PoolPlan plan) {
        return plan.communicator().needsGpu()
                ? fences.stream()
                        .filter(fence -> fence.slot().isOneOf(plan.slots()))
                        .reduce(Fences::longer)
                : Optional.empty();
    }

    /** All processes of this host, looked at once and only where somebody asks. One thread. */
    private static final class OneLook implements Supplier<ProcessTable> {
        private ProcessTable table;

        @Override
        public ProcessTable get() {
            if (table == null) {
                table = ProcessTable.read();
            }
            return table;
        }
    }
}
