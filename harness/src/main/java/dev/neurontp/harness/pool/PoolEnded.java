package dev.neurontp.harness.pool;

/** The pool was shut down or closed, before the call or during it. No rank failed. */
public final class PoolEnded extends PoolException {
    private static final long serialVersionUID = 1;

    PoolEnded(String message) {
        super(message, null);
    }
}
