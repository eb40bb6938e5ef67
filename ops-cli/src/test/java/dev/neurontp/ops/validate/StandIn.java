package dev.neurontp.ops.validate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Runs over the stand-in for CUDA, NCCL and NVML: how they are started, and what of their report is not in order. */
final class StandIn {
    static final Path FOLDER = Path.of("target/sim").toAbsolutePath();
    static final String MISSING = "SKIPPED: there is no stand-in in " + FOLDER + ": it needs gcc";
    private static final Pattern SIZE = Pattern.compile("/[0-9]+[KMG]?(/.*)?$");

    private StandIn() {}

    static boolean isBuilt() {
        return Files.exists(FOLDER.resolve("libnccl.so.2"));
    }

    /** Its libraries, and {@code more}, which may name others. */
    static Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "NEURON_NCCL_LIBRARY", FOLDER.resolve("libnccl.so.2").toString(),
                "NEURON_CUDA_LIBRARY", FOLDER.resolve("libcuda.so.1").toString(),
                "NEURON_NVML_LIBRARY", FOLDER.resolve("libnvidia-ml.so.1").toString()));
        environment.putAll(more);
        return environment;
    }

    /** Without {@code --strict} a slow pair only warns, and on a busy host any pair may be one. */
    static boolean isBad(JsonNode one) {
        String status = one.get("status").stringValue();
        return status.equals("FAIL")
                || (status.equals("WARN") && !one.get("id").stringValue().endsWith("/compared"));
    }

    /** Phase and check of every case of a report that is not in order. */
    static List<String> bad(JsonNode report) {
        TreeSet<String> bad = new TreeSet<>();
        report.get("cases").forEach(one -> {
            if (isBad(one)) {
                bad.add(SIZE.matcher(one.get("id").stringValue()).replaceAll(""));
            }
        });
        return List.copyOf(bad);
    }
}
