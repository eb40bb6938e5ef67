package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing that happened. Fields after {@code type} are there where they mean something.
 *
 * @param id {@code INSTANCE-SEQ}
 * @param state the new state of the pool, the rank or the operation
 * @param count how many events were lost
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EventView(
        String id,
        long seq,
        Instant time,
        String type,
        Optional<String> pool,
        Optional<Integer> epoch,
        Optional<String> state,
        Optional<Integer> rank,
        Optional<Long> pid,
        Optional<String> op,
        Optional<String> operation,
        Optional<String> reason,
        Optional<RankExitView> end,
        Optional<Double> tookMs,
        Optional<Long> count) {}
