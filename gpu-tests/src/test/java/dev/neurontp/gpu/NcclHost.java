package dev.neurontp.gpu;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Where the ranks of a test run: on what the host has, or on the stand-in.
 *
 * @param environment what a rank's process gets in addition to this one's
 * @param facts what the probe in a process of its own said
 */
record NcclHost(Map<String, String> environment, Map<String, String> facts) {
    private static final Path SIMULATION = Path.of(System.getProperty(
            "neurontp.sim", Programs.root().resolve("gpu-tests/target/sim").toString()));

    /** The stand-in for libcuda and libnccl, which shows 8 devices. */
    static NcclHost simulated() {
        return probed(Map.of(
                "NEURON_CUDA_LIBRARY", simulatedFile("libcuda.so.1").toString(),
                "NEURON_NCCL_LIBRARY", simulatedFile("libnccl.so.2").toString(),
                "NEURON_NVML_LIBRARY", simulatedFile("libnvidia-ml.so.1").toString()));
    }

    /** The same host, with another setting. */
    NcclHost with(String variable, String value) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.put(variable, value);
        return new NcclHost(Map.copyOf(settings), facts);
    }

    static Path simulatedFile(String name) {
        return SIMULATION.resolve(name).toAbsolutePath();
    }

    /** What this host has. */
    static NcclHost real() {
        return probed(Map.of());
    }

    static boolean simulationIsBuilt() {
        return Files.exists(simulatedFile("libcuda.so.1")) && Files.exists(simulatedFile("libnccl.so.2"));
    }

    /** Why the stand-in was not built. */
    static String whyNotBuilt() {
        try {
            return Files.readString(SIMULATION.resolve("skipped")).strip();
        } catch (IOException _) {
            return "there is no stand-in in " + SIMULATION + ": ./mvnw verify builds it there";
        }
    }

    int devices() {
        return Integer.parseInt(facts.getOrDefault("devices", "0"));
    }

    boolean isSimulated() {
        return Boolean.parseBoolean(facts.getOrDefault("simulation", "false"));
    }

    Optional<String> problem() {
        return Optional.ofNullable(facts.get("problem"));
    }

    /** NCCL's version, such as 22907 for 2.29.7; behind that of a stand-in stands what it is. */
    int ncclVersion() {
        int[] parts = Arrays.stream(facts.get("nccl").split(" ", 2)[0].split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
        return parts[0] * 10_000 + parts[1] * 100 + parts[2];
    }

    /** What makes NCCL put two ranks on one GPU: correctness only, it is slow. */
    Map<String, String> sharedGpu(int rank) {
        Map<String, String> settings = new HashMap<>(Map.of("NCCL_NVLS_ENABLE", "0", "NCCL_MAX_CTAS", "1"));
        if (ncclVersion() >= 23_000) {
            settings.put("NCCL_MULTI_RANK_GPU_ENABLE", "1");
            return settings;
        }
        settings.put("NCCL_HOSTID", "rank-" + rank);
        settings.put("NCCL_NET", "Socket");
        settings.put("NCCL_SOCKET_IFNAME", "lo");
        settings.put("NCCL_IB_DISABLE", "1");
        settings.put("NCCL_P2P_DISABLE", "1");
        settings.put("NCCL_SHM_DISABLE", "1");
        return settings;
    }

    static NcclHost probed(Map<String, String> environment) {
        ProcessBuilder probe = new ProcessBuilder(Programs.java(
                "-Djava.library.path=" + Programs.root().resolve("worker/target/app/native"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.neurontp.worker.comm.nccl.HostProbe"));
        probe.environment().putAll(environment);
        try {
            Path said = Files.createTempFile("nccl-probe", ".out");
            try {
                Process process = probe.redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
                boolean ended = process.waitFor(60, TimeUnit.SECONDS);
                process.destroyForcibly();
                Map<String, String> facts = facts(Files.readAllLines(said, StandardCharsets.UTF_8));
                if (!ended) {
                    facts.put("problem", "asking the driver takes longer than 60 s");
                } else if (process.exitValue() > 1) {
                    facts.put("problem", "asking the driver ended the process with " + process.exitValue());
                }
                return new NcclHost(environment, facts);
            } finally {
                Files.delete(said);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the probe cannot run", e);
        }
    }

    private static Map<String, String> facts(List<String> lines) {
        return lines.stream()
                .filter(line -> line.indexOf('=') > 0)
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, _) -> first, HashMap::new));
    }
}
