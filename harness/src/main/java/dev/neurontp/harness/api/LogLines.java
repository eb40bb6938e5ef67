package dev.neurontp.harness.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Lines of a pool's workers, in the order in which they came.
 *
 * @param lastSeq of the newest line there is
 * @param dropped how many older lines are not kept any more
 */
public record LogLines(@Required List<Line> lines, long lastSeq, long dropped) {
    /** The type of the stream's events that carry a {@link Line}. */
    public static final String LINE_EVENT = "log";

    /** The type of the stream's last event, which carries the pool's {@link PoolSummary}. */
    public static final String END_EVENT = "end";

    /** The type of the stream's events that carry a {@link Lost}. */
    public static final String LOST_EVENT = "lost";

    public LogLines {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /**
     * That lines came faster than the stream was read, and are not kept any more.
     *
     * @param count how many of all ranks, whichever were asked for
     */
    public record Lost(@Required long count) {}

    /**
     * One line that a worker wrote to stderr.
     *
     * @param host the name of the rank's host; empty where it is the daemon's
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Line(
            long seq,
            Instant time,
            @Required int rank,
            Optional<String> host,
            @Required String text) {
        public Line {
            text = EnumLabels.orEmpty(text);
        }
    }
}
