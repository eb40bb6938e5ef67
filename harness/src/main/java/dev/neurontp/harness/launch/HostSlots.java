package dev.neurontp.harness.launch;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.U32;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and the devices of it that a pool shall have, as text: {@code gpu-1:0-3}, {@code gpu-1:0,2}.
 *
 * @param host a name or an address; no option of a launcher can look like one
 * @param devices their indexes on that host, at least one
 */
public record HostSlots(String host, List<Long> devices) {
    /** Letters and digits at the ends, so that no word of it is taken for an option. */
    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?";

    /** What is in the list of devices is looked at part by part: a group that repeats costs a stack as deep as the text is long. */
    private static final Pattern SHAPE = Pattern.compile("(" + NAME + "):([0-9][0-9,-]*)");

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,10})(?:-([0-9]{1,10}))?");
    private static final int MOST = 1024;

    public HostSlots {
        devices = List.copyOf(devices);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    public static HostSlots parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches()) {
            throw wrong(text, "it must be a host, a colon, and its devices, such as gpu-1:0-3 or gpu-1:0,2");
        }
        List<Long> devices = new ArrayList<>();
        for (String part : shape.group(2).split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw wrong(text, "'" + shown(part) + "' is no device and no range of them");
            }
            long first = Long.parseLong(range.group(1));
            long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
            if (last < first || last > U32.MAX || last - first >= MOST) {
                throw wrong(text, "'" + part + "' is no range of at most " + MOST + " devices");
            }
            for (long device = first; device <= last; device++) {
                devices.add(device);
            }
            if (devices.size() > MOST) {
                throw wrong(text, "a host has at most " + MOST);
            }
        }
        return new HostSlots(shape.group(1), devices);
    }

    /**
     * Reads all hosts of a pool.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    public static List<HostSlots> parseAll(List<String> texts) {
        List<HostSlots> all = texts.stream().map(HostSlots::parse).toList();
        Set<String> seen = new HashSet<>();
        for (HostSlots one : all) {
            if (!seen.add(one.host())) {
                throw new IllegalArgumentException(
                        "the host '" + one.host() + "' is named twice: name it once, with all its devices");
            }
        }
        return all;
    }

    /**
     * Reads them as one text, {@code gpu-1:0-3,gpu-2:0,2}: what has no colon is a device of the host before it.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    public static List<HostSlots> split(String text) {
        List<String> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.contains(":") || hosts.isEmpty()) {
                hosts.add(part);
            } else {
                hosts.add(hosts.removeLast() + "," + part);
            }
        }
        return parseAll(hosts);
    }

    private static IllegalArgumentException wrong(String text, String rule) {
        return new IllegalArgumentException("a host is '" + shown(text) + "': " + rule);
    }

    private static String shown(String text) {
        return ForeignText.of(text, ForeignText.NAME);
    }

    @Override
    public String toString() {
        return host + ":"
                + String.join(",", devices.stream().map(String::valueOf).toList());
    }
}
