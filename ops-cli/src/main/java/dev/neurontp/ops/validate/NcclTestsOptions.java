package dev.neurontp.ops.validate;

import picocli.CommandLine.Option;

/** Options of nccl-tests that have another name here, or none: who types one is told which. */
final class NcclTestsOptions {
    @Option(
            names = {"-g", "--ngpus"},
            hidden = true)
    String gpus;

    @Option(
            names = {"-t", "--nthreads"},
            hidden = true)
    String threads;

    @Option(names = "-d", hidden = true)
    String type;

    @Option(
            names = {
                "-z",
                "--blocking",
                "-m",
                "--agg_iters",
                "-a",
                "--average",
                "-p",
                "--parallel_init",
                "-G",
                "--cudagraph"
            },
            hidden = true)
    String none;

    /**
     * Looks whether one was given.
     *
     * @throws IllegalArgumentException with the option and what it is called here
     */
    void refuse() {
        if (gpus != null) {
            throw meant("-g, the GPUs of a thread", "one rank has one GPU: -n " + gpus + " starts so many");
        }
        if (threads != null) {
            throw meant("-t, the threads of a process", "one rank is one process: -n " + threads + " starts so many");
        }
        if (type != null) {
            throw meant("-d, the type", "--datatype " + type + " is its name here");
        }
        if (none != null) {
            throw meant("-z, -m, -a, -p and -G", "they have no counterpart here");
        }
    }

    private static IllegalArgumentException meant(String what, String here) {
        return new IllegalArgumentException("nccl-tests' " + what + ": " + here);
    }
}
