package dev.neurontp.worker.collective;

/** What a request asks cannot be done here, and nothing is broken: {@code x_unsupported} on the wire. */
public final class UnsupportedException extends Exception {
    private static final long serialVersionUID = 1;

    public UnsupportedException(String message) {
        super(message);
    }
}
