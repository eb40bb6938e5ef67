package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One operation of a pool.
 *
 * @param op spawn, ping, init, sanity, shutdown, end or forget
 * @param state waiting, running, done or failed
 * @param limitMs how long it may take once it has begun
 */
public record OperationView(
        String id,
        String pool,
        String op,
        String state,
        Instant asked,
        Optional<Instant> started,
        Optional<Instant> ended,
        long limitMs,
        Optional<Result> result,
        Optional<ErrorBody> error) {

    /**
     * What came of it. {@code sum} of a sanity check; {@code clean}, {@code gone} and {@code ends} of shutdown, end and
     * forget; {@code ranks} of the others.
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Result(
            double tookMs,
            Optional<Long> sum,
            Optional<List<RankTimeView>> ranks,
            Optional<Boolean> clean,
            Optional<Boolean> gone,
            Optional<List<RankExitView>> ends) {
        /** Of a ping, an init or a spawn. */
        public static Result times(double tookMs, List<RankTimeView> ranks) {
            return new Result(
                    tookMs, Optional.empty(), Optional.of(ranks), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** Of a sanity check. */
        public static Result sum(double tookMs, long sum, List<RankTimeView> ranks) {
            return new Result(
                    tookMs, Optional.of(sum), Optional.of(ranks), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** Of a pool's end. */
        public static Result end(double tookMs, boolean clean, boolean gone, List<RankExitView> ends) {
            return new Result(
                    tookMs,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(clean),
                    Optional.of(gone),
                    Optional.of(ends));
        }
    }
}
