package dev.neurontp.harness.pool;

import java.time.Duration;

/**
 * The time between a rank's failure and the end of all ranks, in which the others can still report: a rank's error may be
 * the consequence of what another rank has not reported yet.
 */
final class RootCauseWindow {
    static final RootCauseWindow NONE = new RootCauseWindow(null, null, () -> {}, (rank, awaited) -> {});

    /** A rank's exit makes the others fail, and their errors can be seen before it. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    /** All ranks began at the same time and wait equally long; what they do after that takes a few seconds. */
    private static final Duration REPORTS = Duration.ofSeconds(10);

    private final RankFault first;
    private final Exchange<?> exchange;
    private final Runnable allNoted;
    private final Unreported unreported;

    /** Called with each rank that has reported nothing when the window closes. */
    @FunctionalInterface
    interface Unreported {
        /** {@code awaited}: whether the others had waited for this rank, and it was given the time to report. */
        void found(PoolRank rank, boolean awaited);
    }

    /**
     * Begins with nothing.
     *
     * @param first the fault that the failure began with
     * @param exchange what was in flight; null for nothing
     * @param allNoted returns when the faults that are being noted together with the first one are
     */
    RootCauseWindow(RankFault first, Exchange<?> exchange, Runnable allNoted, Unreported unreported) {
        this.first = first;
        this.exchange = exchange;
        this.allNoted = allNoted;
        this.unreported = unreported;
    }

    /** Whether there is a failure whose cause may still be seen. */
    boolean isOfFailure() {
        return first != null;
    }

    /** How long it is open at most. */
    Duration bound() {
        if (first == null || first.nature() != RankFault.Nature.REFUSAL) {
            return Duration.ZERO;
        }
        if (!awaitsAll()) {
            return SETTLE;
        }
        Duration left = exchange.left();
        return left.compareTo(REPORTS) < 0 ? left : REPORTS;
    }

    private boolean awaitsAll() {
        return exchange != null && first.blamesOthers();
    }

    /**
     * A rank that waited for the others does not know the cause: then all reports are awaited, for a while and not
     * beyond the operation's own deadline. Any other error waits a moment for an exit to be noticed.
     */
    void run() throws InterruptedException {
        allNoted.run();
        Duration bound = bound();
        if (bound.isZero() || exchange == null) {
            Thread.sleep(bound);
            return;
        }
        boolean complete = exchange.awaitReports(bound);
        boolean awaited = !complete && awaitsAll();
        for (PoolRank rank : exchange.members()) {
            if (!exchange.hasReported(rank.rank())) {
                unreported.found(rank, awaited);
            }
        }
    }

    /** Closes it now; on any thread. */
    void close() {
        if (exchange != null) {
            exchange.stopAwaitingReports();
        }
    }
}
