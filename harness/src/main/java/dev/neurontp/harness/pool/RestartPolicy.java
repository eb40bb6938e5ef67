package dev.neurontp.harness.pool;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a pool that has failed is started anew by itself. */
public enum RestartPolicy {
    NEVER,
    /** Where it has failed; not where it was shut down. */
    ON_FAILURE;

    /** Its name in options, files and the daemon's interface. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException with the value and those that there are
     */
    public static RestartPolicy named(String label) {
        Optional<RestartPolicy> found = Arrays.stream(values())
                .filter(policy -> policy.label().equals(label))
                .findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("restart is '"
                + label + "': it must be "
                + Arrays.stream(values()).map(RestartPolicy::label).collect(Collectors.joining(" or "))));
    }
}
