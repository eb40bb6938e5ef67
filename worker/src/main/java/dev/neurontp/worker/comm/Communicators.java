package dev.neurontp.worker.comm;

import dev.neurontp.worker.RankIdentity;
import dev.neurontp.worker.comm.loopback.Loopback;
import dev.neurontp.worker.comm.nccl.NcclCollectives;

/** Where communicators and comm_ids come from. Settings are read from the environment. */
public final class Communicators {
    private Communicators() {}

    /**
     * A rank's seat in a group that it has yet to join. Opens nothing: no port, no library, no file (A6).
     *
     * @throws IllegalArgumentException when a setting of this kind is wrong; the message names value and rule
     */
    public static Communicator open(CommunicatorKind kind, RankIdentity identity) {
        return switch (kind) {
            case NCCL -> NcclCollectives.open(identity, System.getenv());
            case LOOPBACK -> Loopback.open(identity, System.getenv());
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
