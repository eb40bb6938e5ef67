package dev.neurontp.conformance.process;

/** The command cannot be started at all; the message says why and what to do. */
public final class CannotStart extends Exception {

    private static final long serialVersionUID = 1L;

    CannotStart(String message) {
        super(message);
    }

    CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
