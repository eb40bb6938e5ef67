package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;

/** Where a leader gets the comm_id from, and the communicator of a rank 0 in its process. */
public interface CommunicatorSource {
    /** A communicator for rank 0 in this process, not joined yet. Called and then used on one thread. */
    Communicator open(RankIdentity identity) throws CommunicatorException;

    /** A new comm_id, served until it is closed. The error says why there is none. */
    Rendezvous serve() throws CommunicatorException;

    /** What {@link #serve} waits for just now, to follow a sentence, as in ": ..."; empty where that is not known. Any thread may ask. */
    default String waitsFor() {
        return "";
    }

    /** Where {@link #serve} creates it, for a sentence, as in " on host a"; empty for this host. */
    default String where() {
        return "";
    }
}
