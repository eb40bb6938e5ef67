package dev.neurontp.ops.client;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;

/** The daemon answered with an error. */
public final class ApiErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ApiError error;
    private final transient Daemon daemon;

    /** {@code daemon} answered {@code status} with {@code error}. */
    public ApiErrorException(Daemon daemon, int status, ApiError error) {
        super(error.message());
        this.daemon = daemon;
        this.status = status;
        this.error = error;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    public ApiError error() {
        return error;
    }

    /** Which daemon answered. */
    public Daemon daemon() {
        return daemon;
    }

    /** Whether it is of that type. */
    public boolean is(ErrorType type) {
        return error.is(type);
    }
}
