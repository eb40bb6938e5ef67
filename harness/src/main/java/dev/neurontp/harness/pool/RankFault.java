package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.SecondaryFailure;
import java.time.Duration;
import java.util.Optional;

/** The first bad thing that was seen of one rank, before its process was ended and the evidence gathered. */
record RankFault(
        int rank, Op op, Duration elapsed, Nature nature, String reason, Optional<WorkerResponse.Error> error) {
    /** What kind of bad thing. */
    enum Nature {
        /** The process or its stream is gone: the root of what the other ranks say. */
        EXITED,
        /** It broke the contract: nothing it says can be trusted. */
        PROTOCOL,
        /** The same, by a line on stdout that is no reply at all. */
        STDOUT,
        /** It said itself that it could not. Often the consequence of another rank's death. */
        REFUSAL,
        /** It said nothing in time. */
        TIMEOUT
    }

    static RankFault refusal(int rank, Op op, Duration elapsed, WorkerResponse.Error error) {
        return new RankFault(
                rank,
                op,
                elapsed,
                Nature.REFUSAL,
                "it answered with the error " + error.kind() + ": " + error.message(),
                Optional.of(error));
    }

    /** Whether it is the consequence of what another rank has said or will say. */
    boolean blamesOthers() {
        return nature == Nature.REFUSAL && SecondaryFailure.says(reason);
    }

    RankFault during(Op other) {
        return new RankFault(rank, other, elapsed, nature, reason, error);
    }

    static RankFault of(int rank, Op op, Duration elapsed, Nature nature, String reason) {
        return new RankFault(rank, op, elapsed, nature, reason, Optional.empty());
    }
}
