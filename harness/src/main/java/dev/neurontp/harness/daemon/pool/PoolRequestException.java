package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolState;
import java.util.Optional;

/**
 * A request to a pool that was rejected, or an operation that failed. It is the answer to who asked and not a defect, so it
 * has no stack trace.
 */
public final class PoolRequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorType type;
    private final transient Detail detail;

    /** More than the message says. */
    public sealed interface Detail {
        /** The operation that is under way. */
        record Busy(ActiveOperation operation) implements Detail {}

        /** The limit that was reached. */
        record Limit(int most) implements Detail {}

        /** The state in which the pool cannot do this. */
        record State(PoolState state) implements Detail {}

        /** The pool that has what was asked for. */
        record Holder(String pool) implements Detail {}

        /** Why the pool failed. */
        record Failed(PoolFailure failure) implements Detail {}
    }

    PoolRequestException(ErrorType type, String message) {
        this(type, message, null);
    }

    PoolRequestException(ErrorType type, String message, Detail detail) {
        super(message, null, false, false);
        this.type = type;
        this.detail = detail;
    }

    /** That a pool failed; the message is the first line of its failure. */
    static PoolRequestException failed(PoolFailure failure) {
        String message = failure.getMessage();
        int lineEnd = message.indexOf('\n');
        return new PoolRequestException(
                ErrorType.POOL_FAILED,
                lineEnd < 0 ? message : message.substring(0, lineEnd),
                new Detail.Failed(failure));
    }

    public ErrorType type() {
        return type;
    }

    public Optional<Detail> detail() {
        return Optional.ofNullable(detail);
    }
}
