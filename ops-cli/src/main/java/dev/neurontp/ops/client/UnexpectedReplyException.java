package dev.neurontp.ops.client;

/** What answered does not speak the daemon's interface. */
public final class UnexpectedReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With {@code cause} null where the reply itself is all there is to say. */
    public UnexpectedReplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
