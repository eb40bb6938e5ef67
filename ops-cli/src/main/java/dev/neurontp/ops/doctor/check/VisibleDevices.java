package dev.neurontp.ops.doctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What CUDA_VISIBLE_DEVICES leaves, as the driver reads it: the first entry that names no device ends the list.
 *
 * @param entries those that count
 * @param cut the entry that ended the list
 * @param twice an entry that is there twice
 */
record VisibleDevices(List<String> entries, Optional<String> cut, Optional<String> twice) {
    VisibleDevices {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the value.
     *
     * @param count how many GPUs there are; empty where nobody knows, and every index counts
     * @param uuids of these GPUs; none where nobody knows, and every UUID counts
     */
    static VisibleDevices parse(String value, Optional<Integer> count, List<String> uuids) {
        List<String> entries = new ArrayList<>();
        Optional<String> twice = Optional.empty();
        for (String part : value.split(",", -1)) {
            String entry = part.strip();
            if (!names(entry, count, uuids)) {
                return new VisibleDevices(entries, Optional.of(entry), twice);
            }
            if (entries.contains(entry)) {
                twice = Optional.of(entry);
            } else {
                entries.add(entry);
            }
        }
        return new VisibleDevices(entries, Optional.empty(), twice);
    }

    private static boolean names(String entry, Optional<Integer> count, List<String> uuids) {
        if (entry.matches("[0-9]{1,4}")) {
            return count.isEmpty() || Integer.parseInt(entry) < count.get();
        }
        if (entry.startsWith("MIG-")) {
            return true;
        }
        return entry.startsWith("GPU-")
                && entry.length() > "GPU-".length()
                && (uuids.isEmpty() || uuids.stream().anyMatch(uuid -> uuid.startsWith(entry)));
    }
}
