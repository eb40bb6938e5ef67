package dev.neurontp.worker.os;

/**
 * The exit codes of {@code neuron}, in all its modes, and of {@code tpctl}. An out-of-memory end of a JVM has its own code
 * 3. What a worker may exit with is a rule of the wire contract, whose ids stand here.
 */
public final class ExitCode {
    /** All well. A worker: shutdown was answered, or stdin ended (L1, L2). */
    public static final int OK = 0;

    /**
     * A check, a rank or a pool failed, and stderr says which and why. A worker: a reply could not be written, stdin could
     * not be read, or a bug (L4).
     */
    public static final int FAILED = 1;

    /** The command line or a setting is wrong. A worker: A3, A4. */
    public static final int USAGE = 2;

    /** It could not run at all: no comm_id can be created here, no daemon or worker that answers, no such pool. */
    public static final int COULD_NOT_RUN = 3;

    /** It timed out; only {@code tpctl} exits with it. */
    public static final int TIMED_OUT = 4;

    private static final int SIGNAL = 128;

    private ExitCode() {}

    /** A signal ended it: 128 and its number, such as 130 for SIGINT. */
    public static int signal(int number) {
        return SIGNAL + number;
    }
}
