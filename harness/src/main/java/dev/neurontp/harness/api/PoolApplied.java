package dev.neurontp.harness.api;

import java.util.Optional;

/**
 * What came of {@code PUT /pools/NAME}.
 *
 * @param result one of {@link Result}, or a newer one
 * @param pool the one that lives now; empty for one that would be created
 */
public record PoolApplied(String result, Optional<PoolView> pool) {
    public PoolApplied {
        result = EnumLabels.orEmpty(result);
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
