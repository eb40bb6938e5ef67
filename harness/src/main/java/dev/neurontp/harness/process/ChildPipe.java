package dev.neurontp.harness.process;

import java.io.InputStream;

/** This process's end of a child's stdout or stderr. */
public final class ChildPipe {
    private ChildPipe() {}

    /**
     * Runs what reads the stream to its end. At the exit of the process the JDK closes this end, with the stream's monitor held, whoever
     * still writes to it: what a helper has yet to pass on, as in {@code worker 2> >(tee log >&2)}, would be lost. So the monitor is held
     * for as long as the reader runs.
     */
    public static void toItsEnd(InputStream pipe, Runnable reader) {
        synchronized (pipe) {
            reader.run();
        }
    }
}
