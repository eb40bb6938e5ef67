package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.net.InetSocketAddress;

/** A rank's side of the star whose middle is rank 0. One thread calls. */
interface StarRole {
    /** The port for the greeting at the rendezvous; 0 where nobody connects to this rank. */
    int port();

    /** Links up once all have joined, and returns when every rank is linked. */
    void link(InetSocketAddress hub) throws FailedException;

    /** The sum over all ranks, wrapping around at 32 bits. */
    int allReduce(int value) throws FailedException;

    /** Ends the listening, where there is any. Links end with the membership. */
    void close();
}
