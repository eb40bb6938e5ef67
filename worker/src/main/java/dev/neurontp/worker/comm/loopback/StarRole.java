package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.net.InetSocketAddress;

/** A rank's part in the star topology, whose center is rank 0. One thread calls. */
interface StarRole {
    /** The port to name in the handshake with the rendezvous; 0 where nobody connects to this rank. */
    int port();

    /** Links up once all have joined, and returns when every rank is linked. */
    void link(InetSocketAddress hub) throws FailedException;

    /** The sum over all ranks, wrapping around at 32 bits. */
    int allReduce(int value) throws FailedException;

    /**
     * Sends this rank's slices and returns what it receives in that round. All ranks take part in the same rounds.
     *
     * @throws FailedException also when not all have come within the bound
     */
    byte[] exchange(byte[] slices, RelayRound round, WaitBound bound) throws FailedException;

    /** Stops listening, where it did. Links end with the group. */
    void close();
}
