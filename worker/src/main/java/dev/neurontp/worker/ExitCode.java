package dev.neurontp.worker;

/** How this program ends. A signal's end is 128 plus its number, an out-of-memory end is the JVM's own 3. */
final class ExitCode {
    /** shutdown was answered, or stdin ended (L1, L2). */
    static final int OK = 0;
    /** A reply could not be written, stdin could not be read, or a bug (L4). */
    static final int FAILED = 1;
    /** The command line or a setting is wrong (A3, A4). */
    static final int USAGE = 2;
    /** There is nothing here that could make a comm_id of the kind asked for. */
    static final int COULD_NOT_RUN = 3;

    private ExitCode() {}
}
