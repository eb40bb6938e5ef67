package dev.neurontp.worker.os;

/** The end of a program that has said all that it has to say. */
public final class ProcessExit {
    private ProcessExit() {}

    /**
     * Ends the process, with what is left to an {@link ExitHook}. Where nothing is, it ends at once: Java's own exit logs itself, and
     * loads for that what takes a short command a fifth of its time.
     */
    public static void with(int code) {
        if (ExitHook.any()) {
            System.exit(code);
        }
        Runtime.getRuntime().halt(code);
    }
}
