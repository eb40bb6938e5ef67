package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;

/** Where a leader gets rank 0's seat and the comm_id from. */
public interface CommunicatorSource {
    /** A seat for rank 0 in this process, not joined yet. Called and then used on one thread. */
    Communicator open(RankIdentity identity) throws CommunicatorException;

    /** A new comm_id, served until it is closed. */
    Rendezvous serve() throws CommunicatorException;
}
