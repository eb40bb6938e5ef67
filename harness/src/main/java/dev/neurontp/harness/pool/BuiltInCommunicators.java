package dev.neurontp.harness.pool;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.util.Map;

/**
 * Our own communicators, set up by this process's environment.
 *
 * @param settings go before those of the environment
 */
record BuiltInCommunicators(CommunicatorKind kind, Map<String, String> settings) implements CommunicatorSource {
    BuiltInCommunicators(CommunicatorKind kind) {
        this(kind, Map.of());
    }

    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        try {
            return Communicators.open(kind, identity, settings);
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        try {
            return Communicators.serve(kind);
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }
}
