package dev.neurontp.ops.client;

/** What answered does not speak the daemon's interface. */
public final class UnexpectedReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedReplyException(String message, Throwable cause) {
        super(message, cause);
    }
}
