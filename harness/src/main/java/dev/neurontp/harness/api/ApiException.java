package dev.neurontp.harness.api;

import java.util.Map;

/** A request that is refused, in the words that its sender gets. Carries no stack trace: it is an answer, not a defect. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorBody body;
    private final int status;

    /** Refused for that reason. */
    public ApiException(ErrorType type, String message) {
        this(type, message, Map.of());
    }

    /** Refused for that reason, with more for a program. */
    public ApiException(ErrorType type, String message, Map<String, Object> detail) {
        super(message, null, false, false);
        this.body = ErrorBody.of(type, message, detail);
        this.status = type.status();
    }

    public ErrorBody body() {
        return body;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }
}
