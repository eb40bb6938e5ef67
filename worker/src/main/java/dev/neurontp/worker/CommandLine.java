package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;

/** What the arguments and the environment ask of this program. */
sealed interface CommandLine {
    /** Print the help and exit. */
    record Help() implements CommandLine {}

    /** Print the version and exit. */
    record Version() implements CommandLine {}

    /** Serve as one rank until EOF or shutdown. */
    record Serve(RankIdentity identity, Stage stage, CommunicatorProvider communicator) implements CommandLine {}

    /** Print a comm_id and serve its rendezvous until EOF. */
    record CreateCommId(CommunicatorProvider communicator) implements CommandLine {}
}
