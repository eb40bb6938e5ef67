package dev.neurontp.harness.validate;

import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.text.ForeignJson;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.JsonProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The report of an earlier run on good hardware, whose bandwidths are the thresholds of this one. Only a run that passed on real
 * hardware can be one.
 */
public final class Baseline {
    public static final String OPTION = "--baseline";
    /** For what is no regular file, or where its file system is gone. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final int MOST_BYTES = 64 << 20;
    private static final double PERCENT = 100;

    private final String name;
    private final String shown;
    private final double tolerance;
    private final MachineClass machine;
    private final Map<String, Double> busbw = new HashMap<>();

    private Baseline(String name, String shown, double tolerance, MachineClass machine) {
        this.name = name;
        this.shown = shown;
        this.tolerance = tolerance;
        this.machine = machine;
    }

    /**
     * Reads {@code report.json} of an earlier run.
     *
     * @param tolerance the share by which a bandwidth may fall below, 0 to 1
     * @throws IllegalArgumentException when it is none, or none that may be compared with; the message says why
     */
    public static Baseline read(Path file, double tolerance) {
        JsonNode root = json(file);
        if (!root.path("kind").asString("").equals(JsonReport.KIND)) {
            throw refused(file, "it is no report.json of tpctl validate");
        }
        if (!root.path("hardware").asBoolean(false)) {
            throw refused(file, "its run was SIMULATED, without hardware");
        }
        if (root.path("exit_code").asInt(-1) != 0) {
            throw refused(file, "its run did not pass");
        }
        JsonNode machine = root.path("machine_class");
        Baseline baseline = new Baseline(
                file.toString(),
                "it",
                tolerance,
                new MachineClass(text(machine, "devices"), text(machine, "nccl"), text(machine, "driver")));
        for (JsonNode one : root.path("cases")) {
            if (one.path("busbw").isNumber()) {
                requirePossible(file, one.path("busbw").asDouble());
                baseline.busbw.put(
                        one.path("id").asString(""), one.path("busbw").asDouble());
            }
        }
        if (baseline.busbw.isEmpty()) {
            throw refused(file, "it has no bandwidth in it");
        }
        return baseline;
    }

    private static void requirePossible(Path file, double busbw) {
        if (!Bandwidth.isPossible(busbw)) {
            throw refused(file, "it has a bandwidth of " + busbw + " GB/s, which no hardware has");
        }
    }

    /**
     * Several runs as one: of each case the median of those that have it (of two, the smaller), so that one good or bad day of
     * a host counts for little.
     *
     * @throws IllegalArgumentException when they are of different machine classes
     */
    public static Baseline median(List<Baseline> runs) {
        Baseline first = runs.getFirst();
        if (runs.size() == 1) {
            return first;
        }
        Map<String, List<Double>> all = new HashMap<>();
        for (Baseline run : runs) {
            if (!run.machine.equals(first.machine)) {
                throw new IllegalArgumentException(OPTION + ": " + first.name + " is of " + first.machine.words() + ", "
                        + run.name + " of " + run.machine.words() + ": give runs of one class of machines");
            }
            run.busbw.forEach((id, seen) ->
                    all.computeIfAbsent(id, one -> new ArrayList<>()).add(seen));
        }
        String name = "the median of " + runs.size() + " runs";
        Baseline median = new Baseline(name, name, first.tolerance, first.machine);
        all.forEach((id, seen) -> {
            seen.sort(null);
            median.busbw.put(id, seen.get((seen.size() - 1) / 2));
        });
        return median;
    }

    /** Bounded by its size, whatever the file is. */
    public static JsonNode json(Path file) {
        try {
            byte[] bytes = BoundedAccess.call(BOUND, () -> bytes(file));
            if (bytes.length > MOST_BYTES) {
                throw refused(file, "it has more than " + ByteSize.format(MOST_BYTES) + " bytes");
            }
            return ForeignJson.parse(bytes);
        } catch (JacksonException e) {
            throw refused(file, "it cannot be read as JSON: " + JsonProblem.of(e));
        } catch (IOException e) {
            throw refused(file, "it cannot be read: " + e.getMessage());
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES + 1);
        }
    }

    private static IllegalArgumentException refused(Path file, String why) {
        return new IllegalArgumentException(file + " cannot be compared with: " + why);
    }

    private static String text(JsonNode node, String field) {
        return ForeignText.of(node.path(field).asString(""), ForeignText.NAME);
    }

    public MachineClass machine() {
        return machine;
    }

    public String name() {
        return name;
    }

    public Optional<Bar> bar(Case measured) {
        return Optional.ofNullable(busbw.get(measured.id()))
                .filter(seen -> seen > 0)
                .map(seen -> new Bar(
                        seen * (1 - tolerance),
                        OPTION + " (" + Math.round((1 - tolerance) * PERCENT) + "% of " + shown + ")"));
    }
}
