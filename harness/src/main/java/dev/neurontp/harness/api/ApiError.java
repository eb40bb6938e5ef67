package dev.neurontp.harness.api;

import static java.util.Optional.empty;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * One error, for a program and for a person.
 *
 * @param type one of {@link ErrorType}, or a newer one
 * @param message value, rule, what to do
 * @param detail more for a program, by type
 */
public record ApiError(@Required String type, @Required String message, Optional<Detail> detail) {
    public ApiError {
        type = EnumLabels.orEmpty(type);
        message = EnumLabels.orEmpty(message);
    }

    /** An error of a known type without detail. */
    public static ApiError of(ErrorType type, String message) {
        return new ApiError(type.label(), message, Optional.empty());
    }

    /** An error of a known type. */
    public static ApiError of(ErrorType type, String message, Detail detail) {
        return new ApiError(type.label(), message, Optional.of(detail));
    }

    /** Whether it is of that type. */
    public boolean is(ErrorType one) {
        return one.label().equals(type);
    }

    /** Why the pool failed; empty where the error is another one. */
    public Optional<PoolView.Failure> failure() {
        return detail.flatMap(Detail::failure);
    }

    /** The one shape of every error. */
    public record Envelope(ApiError error) {}

    /**
     * More for a program; each field only where the type of error has it.
     *
     * @param busy of {@code busy}: what is under way
     * @param failure of {@code pool_failed}
     * @param state of {@code wrong_state}: the pool's
     * @param field of {@code wrong_shape}: which one is wrong
     * @param limit of {@code too_many_...} and {@code too_large}
     * @param checks of {@code not_ready}
     * @param pool of {@code name_taken} and {@code device_taken}: the id of the pool that has it
     * @param allowed of {@code wrong_method}: methods; of {@code command_not_allowed}: commands, each a list of words
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Detail(
            Optional<PoolSummary.Busy> busy,
            Optional<PoolView.Failure> failure,
            Optional<String> state,
            Optional<String> field,
            Optional<Long> limit,
            Optional<List<NodeView.Check>> checks,
            Optional<List<Object>> allowed,
            Optional<String> pool) {
        public static Detail busy(PoolSummary.Busy busy) {
            return new Detail(Optional.of(busy), empty(), empty(), empty(), empty(), empty(), empty(), empty());
        }

        public static Detail failure(PoolView.Failure failure) {
            return new Detail(empty(), Optional.of(failure), empty(), empty(), empty(), empty(), empty(), empty());
        }

        public static Detail state(PoolView.State state) {
            return new Detail(
                    empty(), empty(), Optional.of(state.label()), empty(), empty(), empty(), empty(), empty());
        }

        public static Detail field(String field) {
            return new Detail(empty(), empty(), empty(), Optional.of(field), empty(), empty(), empty(), empty());
        }

        public static Detail limit(long limit) {
            return new Detail(empty(), empty(), empty(), empty(), Optional.of(limit), empty(), empty(), empty());
        }

        public static Detail checks(List<NodeView.Check> checks) {
            return new Detail(empty(), empty(), empty(), empty(), empty(), Optional.of(checks), empty(), empty());
        }

        public static Detail pool(String id) {
            return new Detail(empty(), empty(), empty(), empty(), empty(), empty(), empty(), Optional.of(id));
        }

        public static Detail allowed(List<?> allowed) {
            return new Detail(
                    empty(), empty(), empty(), empty(), empty(), empty(), Optional.of(List.copyOf(allowed)), empty());
        }
    }
}
