package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.Optional;

/** What a rank's answer is worth. */
sealed interface Reply {
    /** What the operation wants. */
    record Right(WorkerResponse response) implements Reply {}

    /** The error that the rank answers with. */
    record Refusal(WorkerResponse.Error error) implements Reply {}

    /** Whatever else: nothing that comes after it can be trusted. */
    record Wrong(RankFault.Nature nature, String reason) implements Reply {}

    /** Judges an answer of that rank to an operation. */
    static Reply of(Operation<?> asked, RankIdentity who, WorkerResponse response) {
        if (response instanceof WorkerResponse.Error error) {
            return new Refusal(error);
        }
        Optional<String> wrong = asked.wrong(who, response);
        return wrong.isEmpty() ? new Right(response) : new Wrong(RankFault.Nature.PROTOCOL, wrong.get());
    }
}
