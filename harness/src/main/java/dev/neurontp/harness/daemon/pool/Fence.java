package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.Heir;
import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.process.Remains;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why nobody gets a device: a rank that was lost may still hold it. Any thread. */
sealed interface Fence {
    /** The id of the pool that the rank was of. */
    String pool();

    int rank();

    Slot slot();

    /** When it is over at the latest; empty where nothing says so. */
    Optional<Instant> until();

    /** After which time it is worth while to look again. */
    Duration again(Instant now);

    /** What there is of the rank and until when, for a sentence: {@code was lost, and its worker has ended by ... at the latest}. */
    String why();

    /** Of a rank on another host, for as long as its lease at the most. */
    sealed interface Placed extends Fence {
        PlacedRank placed();

        @Override
        default String pool() {
            return placed().pool();
        }

        @Override
        default int rank() {
            return placed().rank();
        }

        @Override
        default Slot slot() {
            return new Slot(placed().host(), placed().machine(), placed().device());
        }

        @Override
        default Optional<Instant> until() {
            return Optional.of(placed().until());
        }

        /** Whether the rank holds nothing any more. */
        default boolean isOver(Instant now) {
            return !placed().until().isAfter(now);
        }

        @Override
        default Duration again(Instant now) {
            Duration left = Duration.between(now, placed().until());
            return left.isPositive() ? left.plusMillis(1) : Duration.ofMillis(1);
        }
    }

    /** Of a lost rank, whose lease ends it. */
    record ByLease(PlacedRank placed) implements Placed {
        @Override
        public String why() {
            return "was lost, and its worker has ended by " + placed.until() + " at the latest";
        }
    }

    /** Of a rank that may hold its device for another reason, for as long as a lease. */
    record KeptApart(PlacedRank placed, String reason) implements Placed {
        /** The next daemon of a container that was killed has pids of its own, as that of another container has. */
        static final String OTHER_CONTAINER =
                "is of a daemon of this host in another container, whose end cannot be seen from here";

        @Override
        public String why() {
            return reason + ": the device is kept apart until " + placed.until();
        }
    }

    /**
     * Of a rank on this host of which not all was seen to end: it may hold its device as long as something of it is there.
     *
     * @param state what there is of it, for a sentence; {@code %s} stands for the pids of what is known to be there
     */
    record ByProcess(String pool, int rank, Slot slot, Remains remains, String state) implements Fence {
        private static final Duration LOOK = Duration.ofSeconds(1);
        private static final String UNSEEN =
                "and its device is kept apart until nothing of it%s is seen on this host any more";

        /** Those of a pool that has ended. */
        static List<ByProcess> of(String pool, PoolPlan plan, ShutdownReport report) {
            if (!plan.communicator().needsGpu()) {
                return List.of();
            }
            return report.lost().stream()
                    .filter(end -> !end.remains().none())
                    .map(end ->
                            new ByProcess(pool, end.rank(), plan.slots().get(end.rank()), end.remains(), state(end)))
                    .toList();
        }

        /** One of an earlier daemon of this host. */
        static ByProcess inherited(Heir.LeftHere left) {
            return new ByProcess(
                    left.pool(),
                    left.rank(),
                    Slot.here(left.device()),
                    left.remains(),
                    "was of an earlier daemon, " + UNSEEN);
        }

        private static String state(RankExit end) {
            return "was lost, "
                    + (end.outlivedSigkill()
                            ? "and what is left of it ends when the kernel lets go of it%s, which has got SIGKILL"
                            : UNSEEN);
        }

        @Override
        public Optional<Instant> until() {
            return Optional.empty();
        }

        @Override
        public Duration again(Instant now) {
            return LOOK;
        }

        @Override
        public String why() {
            String pids = remains.known().stream()
                    .filter(process -> !process.gone())
                    .map(process -> Long.toString(process.pid()))
                    .collect(Collectors.joining(", "));
            return String.format(Locale.ROOT, state, pids.isEmpty() ? "" : " (pid " + pids + ")");
        }
    }
}
