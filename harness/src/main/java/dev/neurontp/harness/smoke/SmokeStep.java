package dev.neurontp.harness.smoke;

import dev.neurontp.harness.pool.InitResult;
import dev.neurontp.harness.pool.PingResult;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.SanityResult;
import dev.neurontp.harness.pool.ShutdownReport;
import java.time.Duration;
import java.util.List;

/** One finished step of a {@link SmokeRun}, in the order in which they stand here. */
public sealed interface SmokeStep {
    /** The step's name in output: one lower-case word. */
    String label();

    /** From the step's first action to its last result. */
    Duration took();

    /** Every worker process was started. */
    record Spawned(List<RankSnapshot> ranks, Duration took) implements SmokeStep {
        public Spawned {
            ranks = List.copyOf(ranks);
        }

        @Override
        public String label() {
            return "spawn";
        }
    }

    /** Every worker answered with its own identity. */
    record Pinged(PingResult result) implements SmokeStep {
        @Override
        public String label() {
            return "ping";
        }

        @Override
        public Duration took() {
            return result.took();
        }
    }

    /** Every rank joined the group. */
    record Joined(InitResult result) implements SmokeStep {
        @Override
        public String label() {
            return "init";
        }

        @Override
        public Duration took() {
            return result.took();
        }
    }

    /** Every rank observed the world size. */
    record Checked(SanityResult result) implements SmokeStep {
        @Override
        public String label() {
            return "sanity";
        }

        @Override
        public Duration took() {
            return result.took();
        }
    }

    /** Every process was ended; the report says how. */
    record Ended(ShutdownReport report) implements SmokeStep {
        @Override
        public String label() {
            return "shutdown";
        }

        @Override
        public Duration took() {
            return report.took();
        }
    }
}
