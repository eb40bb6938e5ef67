package dev.neurontp.worker.comm;

import static java.util.Objects.requireNonNull;

import dev.neurontp.rpc.ErrorKind;

/** A rank could not join or could not reduce. The message is for a person and names what was seen. */
public final class CommunicatorException extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;

    public CommunicatorException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    public CommunicatorException(ErrorKind kind, String message, Throwable cause) {
        super(requireNonNull(message, "message is null"), cause);
        this.kind = requireNonNull(kind, "kind is null");
    }

    /** What a worker answers. */
    public ErrorKind kind() {
        return kind;
    }
}
