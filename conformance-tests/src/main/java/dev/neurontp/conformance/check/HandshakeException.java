package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Printable;
import dev.neurontp.conformance.process.WorkerProcess;
import java.util.List;

/** What was started does not answer as a worker does; the message says what was seen. */
public final class HandshakeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> stderr;
    private final transient List<String> transcript;
    private final boolean heldBack;

    HandshakeException(String message, WorkerProcess worker) {
        this(message, worker, false);
    }

    HandshakeException(String message, WorkerProcess worker, boolean heldBack) {
        super(Printable.lines(message));
        this.stderr = worker.lastStderr();
        this.transcript = worker.transcript().since(0);
        this.heldBack = heldBack;
    }

    /** The last lines of stderr. */
    public List<String> stderr() {
        return stderr;
    }

    List<String> transcript() {
        return transcript;
    }

    /** Whether it did answer, but kept the reply back until its stdin was closed. */
    public boolean isHeldBack() {
        return heldBack;
    }
}
