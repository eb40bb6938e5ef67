package dev.neurontp.ops.client;

/** The inside of the daemon's error envelope. */
public record ApiError(String type, String message, Detail detail) {
    /** More for a program; each field only where the type of error has it. */
    public record Detail(PoolSummary.Busy busy, Failure failure, String state) {}

    /** Why the pool failed; {@code null} where the error is another one. */
    public Failure failure() {
        return detail == null ? null : detail.failure();
    }
}
