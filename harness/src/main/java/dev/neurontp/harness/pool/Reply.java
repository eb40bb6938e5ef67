package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;

/** What a line from a worker is to whoever asked. */
sealed interface Reply {
    /** A pong that names the right rank. */
    record Pong() implements Reply {}

    /**
     * What init and the sanity check want.
     *
     * @param value the sum, or 0 where there is none
     */
    record Value(long value) implements Reply {}

    /** What the check of all sums wants. */
    record Sums(WorkerResponse.XNcclCheckResult sums) implements Reply {}

    /** The last word of a worker that leaves. */
    record Bye() implements Reply {}

    /** The worker says that it could not. */
    record Refusal(WorkerResponse.Error error) implements Reply {}

    /** Whatever else: nothing that comes after it can be trusted. */
    record Bad(RankFault.Nature nature, String reason) implements Reply {}
}
