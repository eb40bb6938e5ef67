package dev.neurontp.gpu.folder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is run, in this order: first what is short and says most. */
final class Steps {
    /** The exit code of our programs that could not run. */
    private static final int COULD_NOT_RUN = 3;

    /** Both generations of NCCL's own settings for ranks that share a GPU: docs/nccl.md. */
    private static final Map<String, String> SHARED =
            Map.of("NCCL_MULTI_RANK_GPU_ENABLE", "1", "NCCL_NVLS_ENABLE", "0", "NCCL_MAX_CTAS", "1");

    private static final Map<String, String> SHARED_BEFORE_2_30 = Map.of(
            "NCCL_NVLS_ENABLE", "0",
            "NCCL_MAX_CTAS", "1",
            "NCCL_NET", "Socket",
            "NCCL_SOCKET_IFNAME", "lo",
            "NCCL_IB_DISABLE", "1",
            "NCCL_P2P_DISABLE", "1",
            "NCCL_SHM_DISABLE", "1");

    private final Path root;
    private final RunOptions options;

    Steps(Path root, RunOptions options) {
        this.root = root;
        this.options = options;
    }

    /** Versions and devices; the other steps depend on what it says. */
    Step host() {
        List<String> probe = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.library.path=" + System.getProperty("java.library.path", ""),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.neurontp.worker.comm.nccl.HostProbe"));
        if (!options.simulation()) {
            probe.add("--hardware");
        }
        return new Step("host", "host.txt", Duration.ofSeconds(15), false, 1, Map.of(), probe);
    }

    /** The names of all steps of any host. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (String devices : List.of("devices=1", "devices=2")) {
            afterwards(new HostFacts(devices, true)).forEach(step -> names.add(step.name()));
        }
        names.add(host().name());
        return names;
    }

    /** All others. */
    List<Step> afterwards(HostFacts host) {
        return List.of(
                step("nvidia-smi", "nvidia-smi.txt", 10, List.of("nvidia-smi", "-q")),
                step("doctor", "doctor.json", 25, tpctl("doctor", "--json", "--bundle", "doctor-bundle.tar.gz")),
                gpu("timings-first", 25, Map.of(), smoke()),
                gpu("timings-second", 20, Map.of(), smoke()),
                gpu("validate-one", 75, Map.of(), validate("validate-one", 1)),
                host.devices() > 1
                        ? gpu("validate-all", 75, Map.of(), validate("validate-all", host.devices()))
                        : shared(host.sharesByItself()),
                gpu("gpu-tests", 175, Map.of(), tests()),
                step(
                        "doctor-after",
                        "doctor-after.json",
                        20,
                        tpctl("doctor", "--json", "--only", "gpus,orphans,memory,lost,ecc,recovery,throttle,xid")));
    }

    /** Two ranks on the only GPU. */
    private Step shared(boolean own) {
        List<String> words = tpctl(
                "validate",
                "-n",
                "2",
                "--devices",
                "0,0",
                "--shared-gpu",
                "--max-time",
                "65s",
                "--report",
                "validate-shared");
        return own
                ? gpu("validate-shared", 75, SHARED, words)
                : gpu(
                        "validate-shared",
                        75,
                        SHARED_BEFORE_2_30,
                        concat(
                                words,
                                "--",
                                root.resolve("worker-with-own-hostid").toString()));
    }

    private static Step step(String name, String output, int seconds, List<String> command) {
        return new Step(name, output, Duration.ofSeconds(seconds), false, COULD_NOT_RUN, Map.of(), command);
    }

    private static Step gpu(String name, int seconds, Map<String, String> environment, List<String> command) {
        return new Step(name, name + ".txt", Duration.ofSeconds(seconds), true, COULD_NOT_RUN, environment, command);
    }

    /** Its key=value lines have the time of each step of a pool's life. */
    private List<String> smoke() {
        return List.of(root.resolve("bin/neuron").toString(), "--tp-smoke", "--tp-size", "1", "--communicator", "nccl");
    }

    /** A pool of that many ranks, each with a GPU of its own. */
    private List<String> validate(String report, int ranks) {
        List<String> words = tpctl("validate", "-n", Integer.toString(ranks), "--max-time", "65s", "--report", report);
        return options.simulation() ? words : concat(words, "--require-hardware");
    }

    private List<String> tests() {
        List<String> words =
                new ArrayList<>(List.of(root.resolve("run-gpu-tests").toString()));
        if (options.simulation()) {
            words.add("--simulation");
        } else if (options.requireGpu()) {
            words.add("--require-gpu");
        }
        if (!options.tests().isEmpty()) {
            words.add(options.tests());
        }
        return words;
    }

    private List<String> tpctl(String... words) {
        return concat(List.of(root.resolve("bin/tpctl").toString()), words);
    }

    private static List<String> concat(List<String> first, String... rest) {
        List<String> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(rest));
        return all;
    }
}
