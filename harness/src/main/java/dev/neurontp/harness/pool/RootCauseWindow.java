package dev.neurontp.harness.pool;

import java.time.Duration;

/**
 * What is still listened to once a rank has failed and before the ranks are told to end. What a rank refuses with may be
 * the consequence of what another one has not said yet.
 */
final class RootCauseWindow {
    static final RootCauseWindow NONE = new RootCauseWindow(null, null, (member, awaited) -> {});

    /** A rank's death makes the others fail, and their words can be faster than the news of it. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    /** All ranks began at the same time and wait equally long; what they do after that takes a few seconds. */
    private static final Duration ACCOUNTS = Duration.ofSeconds(10);

    private final RankFault first;
    private final Operation operation;
    private final Silent silent;

    /** Told of each member that has said nothing when the hearing ends. */
    @FunctionalInterface
    interface Silent {
        /** {@code awaited}: whether the others had waited for it, and it was given the time to speak. */
        void found(int member, boolean awaited);
    }

    /**
     * Begins with nothing.
     *
     * @param first what the failure began with
     * @param operation what was in flight; null for nothing
     */
    RootCauseWindow(RankFault first, Operation operation, Silent silent) {
        this.first = first;
        this.operation = operation;
        this.silent = silent;
    }

    /** How long it takes at most. */
    Duration bound() {
        if (first == null || first.nature() != RankFault.Nature.REFUSAL) {
            return Duration.ZERO;
        }
        if (!hearsAll()) {
            return SETTLE;
        }
        Duration left = operation.left();
        return left.compareTo(ACCOUNTS) < 0 ? left : ACCOUNTS;
    }

    private boolean hearsAll() {
        return operation != null && first.blamesOthers();
    }

    /**
     * A rank that blames the others knows no cause: all of them are heard then, for a while and not beyond the operation's
     * own deadline. Any other refusal waits a moment for a death to be noticed.
     */
    void run() throws InterruptedException {
        Duration bound = bound();
        if (bound.isZero() || operation == null) {
            Thread.sleep(bound);
            return;
        }
        boolean heard = operation.hearOut(bound);
        boolean awaited = !heard && hearsAll();
        for (int member = 0; member < operation.members(); member++) {
            if (!operation.hasSpoken(member)) {
                silent.found(member, awaited);
            }
        }
    }

    /** Ends it now; on any thread. */
    void cut() {
        if (operation != null) {
            operation.cutHearing();
        }
    }
}
