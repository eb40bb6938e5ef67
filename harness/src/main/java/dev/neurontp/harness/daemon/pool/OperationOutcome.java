package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.OperationResult;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.rpc.WorkerResponse;
import java.util.Optional;

/** What came of an operation that is over. */
public sealed interface OperationOutcome {
    /** Of a spawn, a ping or an init: every rank replied. */
    record Replied(OperationResult<?> result) implements OperationOutcome {}

    /** Of a sanity check: every rank observed the same sum. */
    record Summed(OperationResult<WorkerResponse.NcclSanityResult> result) implements OperationOutcome {}

    /** Of an operation whose replies are its result. */
    record Answered(OperationResult<WorkerResponse> result) implements OperationOutcome {}

    /** Of a shutdown, an end or a forget. */
    record Ended(ShutdownReport report) implements OperationOutcome {}

    /** Of any operation that failed. */
    record Failed(PoolRequestException reason) implements OperationOutcome {}

    /** Why it failed; empty when it did not. */
    default Optional<PoolRequestException> error() {
        return this instanceof Failed failed ? Optional.of(failed.reason()) : Optional.empty();
    }
}
