package dev.neurontp.harness;

/** The exit codes of {@code neuron} in the modes that are not a worker's. */
public final class NeuronExit {
    /** All well. */
    public static final int OK = 0;

    /** A rank or the pool failed; stderr says which and why. */
    public static final int FAILED = 1;

    /** The arguments are not understood. */
    public static final int USAGE = 2;

    /** It could not run at all. */
    public static final int COULD_NOT_RUN = 3;

    private NeuronExit() {}
}
