package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * One event. The fields after {@code type} are there where they mean something.
 *
 * @param id {@code INSTANCE-SEQ}
 * @param type one of {@link Type}, or a newer one
 * @param state the new state of the pool, the rank or the operation
 * @param host the name of the rank's host; empty where it is the daemon's
 * @param count how many events were lost
 * @param successor the id of the pool that has taken the place of this one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EventView(
        String id,
        long seq,
        Instant time,
        @Required String type,
        Optional<String> pool,
        Optional<Integer> epoch,
        Optional<String> state,
        Optional<Integer> rank,
        Optional<Long> pid,
        Optional<String> host,
        Optional<String> op,
        Optional<String> operation,
        Optional<String> reason,
        Optional<PoolView.RankExit> end,
        Optional<Double> tookMs,
        Optional<Long> count,
        Optional<String> successor) {
    public EventView {
        type = EnumLabels.orEmpty(type);
    }

    /** The kinds of events. */
    public enum Type {
        POOL_CREATED,
        POOL_STATE,
        POOL_FORGOTTEN,
        /** Another pool has taken its place. */
        POOL_RESTARTED,
        /** It could not be restarted, and that is tried again. */
        POOL_RESTART_REFUSED,
        /** It has failed for good, although its restart was asked for. */
        POOL_NOT_RESTARTED,
        RANK_STATE,
        RANK_FAILED,
        RANK_ENDED,
        OPERATION_STARTED,
        OPERATION_ENDED,
        /** The last one of a daemon. */
        DAEMON_STOPPING,
        /** Events between the one asked for and the oldest kept are not there any more. */
        LOST;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }

        /** The type of that word; empty for one that this version does not know. */
        public static Optional<Type> of(String label) {
            return EnumLabels.find(values(), label);
        }
    }

    /** Whether it is of that type. */
    public boolean is(Type one) {
        return one.label().equals(type);
    }
}
