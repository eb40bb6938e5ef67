package dev.neurontp.harness.pool;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.util.HashMap;
import java.util.Map;

/**
 * Our own communicators, set up by this process's environment.
 *
 * @param settings go before those of the environment
 */
record BuiltInCommunicators(CommunicatorProvider provider, Map<String, String> settings) implements CommunicatorSource {
    BuiltInCommunicators(CommunicatorProvider provider) {
        this(provider, Map.of());
    }

    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        try {
            return provider.open(identity, environment());
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        try {
            return provider.serve(environment());
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(settings);
        return environment;
    }
}
