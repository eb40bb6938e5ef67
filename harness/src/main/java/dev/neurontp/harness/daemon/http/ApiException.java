package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.mapper.ErrorMapper;
import dev.neurontp.harness.daemon.pool.PoolRequestException;
import dev.neurontp.harness.text.ForeignText;

/** The error that a request is answered with. It has no stack trace: it is an answer and not a defect. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failed pool's first line has the most to say: an error of a worker and how its process ended. In characters. */
    private static final int LONGEST_MESSAGE = 2 * ForeignText.MESSAGE;

    private final transient ApiError error;
    private final int status;

    ApiException(ErrorType type, String message) {
        this(type, ApiError.of(type, message));
    }

    ApiException(ErrorType type, String message, ApiError.Detail detail) {
        this(type, ApiError.of(type, message, detail));
    }

    /** What a message quotes of a request or of a worker is one line within a bound, and can be written as UTF-8. */
    private ApiException(ErrorType type, ApiError error) {
        super(ForeignText.of(error.message(), LONGEST_MESSAGE), null, false, false);
        this.error = new ApiError(error.type(), getMessage(), error.detail());
        this.status = type.status();
    }

    static ApiException of(PoolRequestException reason) {
        return new ApiException(reason.type(), ErrorMapper.error(reason));
    }

    ApiError error() {
        return error;
    }

    /** The HTTP status code. */
    int status() {
        return status;
    }
}
