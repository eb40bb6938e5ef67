package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One operation of a pool.
 *
 * @param op one of {@link Kind}, or a newer one
 * @param state one of {@link State}, or a newer one
 * @param limitMs how long it may take once it has begun
 * @param result when it is done
 * @param error when it failed
 */
public record OperationView(
        @Required String id,
        String pool,
        @Required String op,
        @Required String state,
        Instant asked,
        Optional<Instant> started,
        Optional<Instant> ended,
        long limitMs,
        Optional<Result> result,
        Optional<ApiError> error) {
    public OperationView {
        id = EnumLabels.orEmpty(id);
        op = EnumLabels.orEmpty(op);
        state = EnumLabels.orEmpty(state);
    }

    public boolean finished() {
        return State.DONE.label().equals(state) || State.FAILED.label().equals(state);
    }

    /** Whether it is of that kind. */
    public boolean is(Kind one) {
        return one.label().equals(op);
    }

    /** What a pool can be asked for. */
    public enum Kind {
        /** The pool's start: processes and first answers. */
        SPAWN,
        PING,
        INIT,
        SANITY,
        /** Every rank says what it runs on. */
        DEVICE,
        /** All ranks run one checked collective. */
        COLLECTIVE,
        /** Every rank is asked to leave. */
        SHUTDOWN,
        /** Every rank is ended at once. */
        END,
        /** An ended pool is removed from the list. */
        FORGET;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }
    }

    /** Where an operation stands. */
    public enum State {
        /** Other operations of the pool come first. */
        WAITING,
        RUNNING,
        DONE,
        FAILED;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }
    }

    /**
     * What came of it.
     *
     * @param sum of a sanity check
     * @param ranks of spawn, ping, init and sanity
     * @param replies of device and collective
     * @param clean of shutdown, end and forget: every rank left by itself
     * @param gone of shutdown, end and forget: every rank was seen to end
     * @param ends of shutdown, end and forget
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Result(
            double tookMs,
            Optional<Long> sum,
            Optional<List<RankTime>> ranks,
            Optional<List<RankReply>> replies,
            Optional<Boolean> clean,
            Optional<Boolean> gone,
            Optional<List<PoolView.RankExit>> ends) {
        /** Whether it says what an operation of that kind, in a pool of that size, has to say when it is done. */
        public boolean tells(Kind kind, int worldSize) {
            return switch (kind) {
                case SPAWN, PING, INIT -> hasRanks(worldSize);
                case SANITY -> sum.isPresent() && hasRanks(worldSize);
                case DEVICE, COLLECTIVE -> replies.isPresent();
                case SHUTDOWN, END, FORGET -> clean.isPresent() && gone.isPresent() && ends.isPresent();
            };
        }

        /** Of a pool's end: every rank was seen to end, and each end of one says the same. */
        public boolean nothingIsLeft() {
            return gone.orElse(false) && ends.orElse(List.of()).stream().allMatch(end -> end.gone() && !end.lost());
        }

        private boolean hasRanks(int count) {
            return ranks.filter(times -> times.size() == count).isPresent();
        }

        /** Of a ping, an init or a spawn. */
        public static Result times(double tookMs, List<RankTime> ranks) {
            return new Result(
                    tookMs,
                    Optional.empty(),
                    Optional.of(ranks),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Of what every rank has answered for itself. */
        public static Result replies(double tookMs, List<RankReply> replies) {
            return new Result(
                    tookMs,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(replies),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Of a sanity check. */
        public static Result sum(double tookMs, long sum, List<RankTime> ranks) {
            return new Result(
                    tookMs,
                    Optional.of(sum),
                    Optional.of(ranks),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** Of a pool's end. */
        public static Result end(double tookMs, boolean clean, boolean gone, List<PoolView.RankExit> ends) {
            return new Result(
                    tookMs,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(clean),
                    Optional.of(gone),
                    Optional.of(ends));
        }
    }

    /**
     * What one rank answered.
     *
     * @param host the name of its host; empty where it is the daemon's
     * @param reply as it stands on the wire
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record RankReply(@Required int rank, long pid, Optional<String> host, double tookMs, JsonNode reply) {}

    /** How long one rank took; {@code host} is the name of its host where that is not the daemon's. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record RankTime(@Required int rank, long pid, Optional<String> host, double tookMs) {}
}
