package dev.neurontp.worker;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.worker.collective.ContradictionException;
import dev.neurontp.worker.collective.UnsupportedException;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;

/** The answers to {@code x_device} and {@code x_collective}. A class of its own, so that a worker loads it with the first of them. */
final class Extension {
    private Extension() {}

    /**
     * Blocks until it is done.
     *
     * @throws CommunicatorException as the communicator does
     */
    static WorkerResponse answer(Communicator communicator, WorkerRequest request) throws CommunicatorException {
        try {
            return request instanceof XCollective asked ? communicator.collective(asked) : communicator.device();
        } catch (UnsupportedException e) {
            return WorkerResponse.Error.unsupported(e.getMessage());
        } catch (ContradictionException e) {
            return WorkerResponse.Error.of(ErrorKind.BAD_REQUEST, e.getMessage());
        }
    }
}
