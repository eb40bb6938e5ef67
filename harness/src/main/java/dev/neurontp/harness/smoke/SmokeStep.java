package dev.neurontp.harness.smoke;

import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.List;

/** One finished step of a {@link SmokeRun}, in the order in which they stand here. */
public sealed interface SmokeStep {
    /** Every worker process was started. */
    record Spawned(List<RankSnapshot> ranks, Duration took) implements SmokeStep {
        public Spawned {
            ranks = List.copyOf(ranks);
        }
    }

    /** Every worker answered with its own identity. */
    record Pinged(OperationResult<WorkerResponse.Pong> result) implements SmokeStep {}

    /** Every rank joined the group. */
    record Joined(OperationResult<WorkerResponse.InitOk> result) implements SmokeStep {}

    /** Every rank observed the world size. */
    record Checked(OperationResult<WorkerResponse.NcclSanityResult> result) implements SmokeStep {
        /** The sum that each rank observed, in the order of the ranks. */
        public List<Long> sums() {
            return result.ranks().stream()
                    .map(rank -> rank.reply().observedSum())
                    .toList();
        }
    }

    /** Every process was ended; the report says how. */
    record Ended(ShutdownReport report) implements SmokeStep {}

    /** The step's name in output: one lower-case word. */
    default String label() {
        return switch (this) {
            case Spawned _ -> "spawn";
            case Pinged _ -> "ping";
            case Joined _ -> "init";
            case Checked _ -> "sanity";
            case Ended _ -> "shutdown";
        };
    }

    /** From the step's first action to its last result. */
    default Duration took() {
        return switch (this) {
            case Spawned spawned -> spawned.took;
            case Pinged pinged -> pinged.result.took();
            case Joined joined -> joined.result.took();
            case Checked checked -> checked.result.took();
            case Ended ended -> ended.report.took();
        };
    }
}
