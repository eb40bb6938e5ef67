package dev.neurontp.worker;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.comm.loopback.Loopback;
import dev.neurontp.worker.comm.nccl.NcclCollectives;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Where communicators and comm_ids come from. Settings are read from the environment. */
public final class Communicators {
    private Communicators() {}

    /**
     * A rank's seat in a group that it has yet to join. Opens nothing: no port, no library, no file (A6).
     *
     * @throws IllegalArgumentException when a setting of this kind is wrong; the message names value and rule
     */
    public static Communicator open(CommunicatorKind kind, RankIdentity identity) {
        return open(kind, identity, Map.of());
    }

    /** The same, with some settings that go before those of this process's environment. */
    public static Communicator open(CommunicatorKind kind, RankIdentity identity, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(settings);
        return switch (kind) {
            case NCCL -> NcclCollectives.open(identity, environment);
            case LOOPBACK -> Loopback.open(identity, environment);
        };
    }

    /**
     * The settings that ranks of this kind need to end their own waits before their leader's, so that what a rank has to
     * say of a hang still arrives. Empty where a kind has no waits of its own.
     *
     * @param init how long the leader waits for all ranks to join
     * @param collective how long it waits for a collective
     * @param environment of the ranks; a wait that it sets stays as it is
     * @throws IllegalArgumentException when such a wait does not end before the leader's; the message names both
     */
    public static Map<String, String> endingBefore(
            CommunicatorKind kind, Duration init, Duration collective, Map<String, String> environment) {
        return switch (kind) {
            case NCCL -> NcclCollectives.endingBefore(init, collective, environment);
            case LOOPBACK -> Map.of();
        };
    }

    /**
     * Whether what this process has used so far stands in for GPUs that are not there. Whatever it reports must say so.
     *
     * @param kind as it was used
     */
    public static boolean areSimulated(CommunicatorKind kind) {
        return kind == CommunicatorKind.NCCL && NcclCollectives.areSimulated();
    }

    /**
     * Makes a comm_id and serves the meeting of its ranks until it is closed. Does not block.
     *
     * @throws CommunicatorException when this host cannot make one of this kind
     * @throws IllegalArgumentException when a setting of this kind is wrong
     */
    public static Rendezvous serve(CommunicatorKind kind) throws CommunicatorException {
        return switch (kind) {
            case NCCL -> NcclCollectives.serve(System.getenv());
            case LOOPBACK -> Loopback.serve(System.getenv());
        };
    }
}
