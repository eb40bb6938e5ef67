package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.process.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Why nobody gets a device: a rank that was lost may still hold it. Any thread. */
sealed interface Fence {
    /** The id of the pool that the rank was of. */
    String pool();

    int rank();

    Slot slot();

    /** Whether the rank holds nothing any more. */
    boolean isOver(Instant now);

    /** After which time it is worth while to look again. */
    Duration again(Instant now);

    /** When its worker has ended, for a sentence: {@code has ended by ... at the latest}. */
    String end();

    /** Of a rank on another host, whose lease ends it. */
    record ByLease(PlacedRank placed) implements Fence {
        @Override
        public String pool() {
            return placed.pool();
        }

        @Override
        public int rank() {
            return placed.rank();
        }

        @Override
        public Slot slot() {
            return new Slot(placed.host(), placed.device());
        }

        @Override
        public boolean isOver(Instant now) {
            return !placed.until().isAfter(now);
        }

        @Override
        public Duration again(Instant now) {
            Duration left = Duration.between(now, placed.until());
            return left.isPositive() ? left.plusMillis(1) : Duration.ofMillis(1);
        }

        @Override
        public String end() {
            return "has ended by " + placed.until() + " at the latest";
        }
    }

    /** Of a rank on this host that not even SIGKILL has ended: it holds its device as long as its process is there. */
    record ByProcess(String pool, int rank, Slot slot, ProcessIdentity process) implements Fence {
        private static final Duration LOOK = Duration.ofSeconds(1);

        /** Those of a pool that has ended. */
        static List<ByProcess> of(String pool, PoolPlan plan, ShutdownReport report) {
            return report.lost().stream()
                    .filter(end -> plan.communicator().needsGpu() && end.survived())
                    .flatMap(end -> ProcessIdentity.of(end.pid())
                            .map(process ->
                                    new ByProcess(pool, end.rank(), plan.slots().get(end.rank()), process))
                            .stream())
                    .toList();
        }

        @Override
        public boolean isOver(Instant now) {
            return process.gone();
        }

        @Override
        public Duration again(Instant now) {
            return LOOK;
        }

        @Override
        public String end() {
            return "ends when the kernel lets go of its process (pid " + process.pid() + "), which has got SIGKILL";
        }
    }
}
