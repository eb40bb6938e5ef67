package dev.neurontp.harness.pool;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.RankIdentity;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.Rendezvous;

/** Our own communicators. */
record BuiltInCollectives(CommunicatorKind kind) implements CommunicatorSource {
    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        throw absent();
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        throw absent();
    }

    private CommunicatorException absent() {
        return new CommunicatorException(
                ErrorKind.CUDA_FEATURE_NOT_ENABLED, "the communicator " + kind.label() + " is not built in");
    }
}
