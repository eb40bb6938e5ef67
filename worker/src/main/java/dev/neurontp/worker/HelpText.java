package dev.neurontp.worker;

/** What --help and --version answer (A5). */
final class HelpText {
    private HelpText() {}

    static String help() {
        String[] names = Communicators.names();
        names[0] += " (default)";
        return """
            One rank of a tensor-parallel group, driven by its leader over stdin and stdout.

              neuron --worker [--rank R] [--tp-size N] [--cuda-device D] [--stage S] [--communicator C]
              neuron --comm-id [--communicator C]

            --worker            serve requests, one JSON object per line, until EOF or shutdown
            --comm-id           print a comm_id as one line and serve its rendezvous until EOF on stdin
            --rank R            this rank, 0 to 4294967295 (default 0)
            --tp-size N         how many ranks the group has (default 1)
            --cuda-device D     the GPU's index on this host (default 0)
            --stage S           7a-i: the wire alone; 7a-ii: real collectives (default; also NEURON_TP_STAGE)
            --communicator C    %s (also NEURON_TP_COMMUNICATOR)
            --help, --version   print this, or the version, and exit

            Settings: NEURON_LOG=off|error|warn|info|debug (default info), NEURON_JAVA_OPTS for the JVM,
            %sExit: 0 done, 1 failed, 2 wrong usage, 3 cannot make a comm_id, 128+n ended by signal n.
            """.formatted(String.join(" or ", names), Communicators.help());
    }

    static String version() {
        return Versions.line("neuron") + "\n";
    }
}
