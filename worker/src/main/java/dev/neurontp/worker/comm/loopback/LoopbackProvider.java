package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.IOException;
import java.util.Map;

/** How the other packages get the loopback communicator. */
public final class LoopbackProvider implements CommunicatorProvider {
    static final String NAME = "loopback";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean needsGpu() {
        return false;
    }

    @Override
    public String help() {
        return LoopbackSettings.BIND + " (docs/loopback.md).";
    }

    @Override
    public Communicator open(RankIdentity identity, Map<String, String> environment) {
        return new LoopbackCommunicator(identity, LoopbackSettings.from(environment));
    }

    @Override
    public Rendezvous serve(Map<String, String> environment) throws CommunicatorException {
        LoopbackSettings settings = LoopbackSettings.from(environment);
        try {
            return RendezvousServer.open(settings.bind());
        } catch (IOException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, settings.cannotListen(e), e);
        }
    }
}
