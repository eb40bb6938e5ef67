package dev.neurontp.rpc;

import static java.util.Objects.requireNonNull;

/** A line that the contract does not allow. The message is for a person and quotes at most 64 characters of the line. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1;

    private final ErrorKind kind;

    WireException(ErrorKind kind, String message) {
        super(requireNonNull(message, "message is null"));
        this.kind = requireNonNull(kind, "kind is null");
    }

    static WireException badRequest(String message) {
        return new WireException(ErrorKind.BAD_REQUEST, message);
    }

    /** What a worker answers to such a line. */
    public ErrorKind kind() {
        return kind;
    }

    /** The reply that a worker must send for such a line. */
    public WorkerResponse.Error toResponse() {
        return WorkerResponse.Error.of(kind, getMessage());
    }
}
