package dev.neurontp.conformance.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the host allows this process, and so each worker that it starts: the soft limits. Empty where there is no /proc. Immutable.
 *
 * @param values by name, as the system has them; {@code Long.MAX_VALUE} for unlimited
 */
public record HostLimits(Map<String, Long> values) {
    private static final Path FILE = Path.of("/proc/self/limits");
    private static final Pattern LINE = Pattern.compile("(Max .*?) {2,}(\\d+|unlimited) .*");
    /** What neither a program nor the suite fails for. */
    private static final Pattern HARMLESS = Pattern.compile("Max (nice|realtime|core file) .*");

    public HostLimits {
        values = Map.copyOf(values);
    }

    /** Those of now. */
    public static HostLimits now() {
        try {
            return of(Files.readString(FILE, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // Another system, or no descriptor is left: nothing is known, and nothing is claimed.
            return new HostLimits(Map.of());
        }
    }

    static HostLimits of(String limits) {
        Map<String, Long> values = new LinkedHashMap<>();
        limits.lines().map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
            String soft = line.group(2);
            values.put(line.group(1), soft.equals("unlimited") ? Long.MAX_VALUE : parse(soft));
        });
        values.keySet().removeIf(name -> HARMLESS.matcher(name).matches());
        return new HostLimits(values);
    }

    private static long parse(String number) {
        try {
            return Long.parseLong(number);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Those that are lower than they were {@code before}, with both values, for a person; empty where none is. */
    public String loweredSince(HostLimits before) {
        return values.entrySet().stream()
                .filter(limit -> limit.getValue() < before.values.getOrDefault(limit.getKey(), limit.getValue()))
                .map(limit -> limit.getKey() + " from " + words(before.values.get(limit.getKey())) + " to "
                        + words(limit.getValue()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String words(long value) {
        return value == Long.MAX_VALUE ? "unlimited" : Long.toString(value);
    }
}
