package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.mapper.ErrorMapper;
import dev.neurontp.harness.daemon.pool.PoolRequestException;

/** The error that a request is answered with. It has no stack trace: it is an answer and not a defect. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ApiError error;
    private final int status;

    ApiException(ErrorType type, String message) {
        this(type, ApiError.of(type, message));
    }

    ApiException(ErrorType type, String message, ApiError.Detail detail) {
        this(type, ApiError.of(type, message, detail));
    }

    private ApiException(ErrorType type, ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
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
