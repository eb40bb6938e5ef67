package dev.neurontp.harness.api;

import java.util.List;
import java.util.Optional;

/**
 * What came of {@code PUT /pools/NAME}, or would come of {@code POST /pools}.
 *
 * @param result one of {@link Result}, or a newer one
 * @param pool the one that lives now; empty for one that would be created
 * @param commands what would be started on other hosts, in that order; of a dry run alone
 */
public record PoolApplied(@Required String result, Optional<PoolView> pool, List<Commands> commands) {
    public PoolApplied {
        result = EnumLabels.orEmpty(result);
        commands = commands == null ? List.of() : List.copyOf(commands);
    }

    /**
     * The words by which a process would be started and ended.
     *
     * @param process {@code rank 0} and so on, and {@code comm_id}
     * @param host where it would run
     * @param start all words, as the daemon's host would start them
     * @param end the same of what would end it; empty where its lease alone does
     */
    public record Commands(String process, String host, List<String> start, Optional<List<String>> end) {
        public Commands {
            process = EnumLabels.orEmpty(process);
            host = EnumLabels.orEmpty(host);
            start = start == null ? List.of() : List.copyOf(start);
        }
    }

    /** What was done, or would be. */
    public enum Result {
        CREATED,
        UNCHANGED,
        CONFIGURED,
        REPLACED;

        /** The word on the wire. */
        public String label() {
            return EnumLabels.label(this);
        }
    }
}
