package dev.neurontp.ops.client;

/** The daemon answered with an error. */
public final class ApiErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient ApiError error;
    private final transient Daemon daemon;

    /** {@code daemon} said {@code error} with {@code status}. */
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

    /** Who said it. */
    public Daemon daemon() {
        return daemon;
    }

    public boolean is(String type) {
        return type.equals(error.type());
    }
}
