package dev.neurontp.harness.pool;

/** A pool could not do what it was asked. The message is for an operator. */
public abstract sealed class PoolException extends Exception permits PoolFailure, PoolBusy, PoolEnded {
    private static final long serialVersionUID = 1;

    PoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
