package dev.neurontp.ops.client;

/** The reply is none of the daemon's API. */
public final class UnexpectedReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With {@code cause} null where the reply itself is all there is to say. */
    public UnexpectedReplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
