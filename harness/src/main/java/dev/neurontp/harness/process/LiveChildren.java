package dev.neurontp.harness.process;

/** Whether this process has children that live. Any thread. */
public final class LiveChildren {
    private static volatile boolean started;

    private LiveChildren() {}

    /** One is about to be started. */
    static void begin() {
        started = true;
    }

    /** Whether there is one. Where none was ever started by {@link ChildProcess}, nothing is looked at; else all processes of the host. */
    public static boolean any() {
        return started && ProcessHandle.current().children().findAny().isPresent();
    }
}
