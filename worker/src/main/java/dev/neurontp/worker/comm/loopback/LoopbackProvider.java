package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.IOException;
import java.util.Map;

/** The way in. Outside of the worker module, use {@link dev.neurontp.worker.Communicators}. */
public final class Loopback {
    private Loopback() {}

    /**
     * A rank's seat; nothing is opened before its init.
     *
     * @throws IllegalArgumentException when a NEURON_LOOPBACK_ setting is wrong
     */
    public static Communicator open(RankIdentity identity, Map<String, String> environment) {
        return new LoopbackCommunicator(identity, LoopbackSettings.from(environment));
    }

    /**
     * Listens and makes a comm_id that says where.
     *
     * @throws CommunicatorException when the address of NEURON_LOOPBACK_BIND cannot be bound
     * @throws IllegalArgumentException when a NEURON_LOOPBACK_ setting is wrong
     */
    public static Rendezvous serve(Map<String, String> environment) throws CommunicatorException {
        LoopbackSettings settings = LoopbackSettings.from(environment);
        try {
            return RendezvousServer.open(settings.bind());
        } catch (IOException e) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "cannot listen on " + settings.bind().getHostAddress() + " (" + LoopbackSettings.BIND + "): "
                            + e.getMessage(),
                    e);
        }
    }
}
