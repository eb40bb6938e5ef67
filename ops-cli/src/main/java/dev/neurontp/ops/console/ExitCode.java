package dev.neurontp.ops.console;

/** The exit codes of every {@code tpctl} command. */
public final class ExitCode {
    /** All well. */
    public static final int OK = 0;

    /** A check, a rank or a pool failed. */
    public static final int FAILED = 1;

    /** The arguments are not understood. */
    public static final int USAGE = 2;

    /** It could not run at all: no worker that answers, no such pool. The words say which. */
    public static final int COULD_NOT_RUN = 3;

    /** Out of time. */
    public static final int OUT_OF_TIME = 4;

    private ExitCode() {}
}
