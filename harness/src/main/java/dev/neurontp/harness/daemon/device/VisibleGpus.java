package dev.neurontp.harness.daemon.device;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How many GPUs a worker of this host can address, by indexes from 0 on. */
final class VisibleGpus {
    private static final String VARIABLE = "CUDA_VISIBLE_DEVICES";
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");
    private static final Pattern UUID = Pattern.compile("(GPU|MIG)-.+");

    private VisibleGpus() {}

    /**
     * The number, or empty where nobody knows.
     *
     * @param present how many the host has; empty where nobody knows
     */
    static Optional<Integer> count(Optional<Integer> present, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(VARIABLE))
                .map(list -> listed(list, present))
                .or(() -> present);
    }

    /** As the driver reads the list: the first entry that names no device ends it. */
    private static int listed(String list, Optional<Integer> present) {
        int count = 0;
        for (String part : list.split(",", -1)) {
            String entry = part.strip();
            boolean index = INDEX.matcher(entry).matches()
                    && present.filter(most -> Integer.parseInt(entry) >= most).isEmpty();
            if (!index && !UUID.matcher(entry).matches()) {
                return count;
            }
            count++;
        }
        return count;
    }
}
