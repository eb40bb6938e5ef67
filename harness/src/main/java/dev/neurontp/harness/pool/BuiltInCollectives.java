package dev.neurontp.harness.pool;

import dev.neurontp.worker.RankIdentity;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.Communicators;
import dev.neurontp.worker.comm.Rendezvous;

/** Our own communicators. */
record BuiltInCollectives(CommunicatorKind kind) implements CommunicatorSource {
    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        return Communicators.open(kind, identity);
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        return Communicators.serve(kind);
    }
}
