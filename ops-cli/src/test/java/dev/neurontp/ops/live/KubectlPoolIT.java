package dev.neurontp.ops.live;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools over a real kubectl, with a stand-in for the cluster: what it shows of a kubelet is that of {@link PodExec} alone. */
@Tag("long")
class KubectlPoolIT extends CutFaults {
    private static final Pattern VERSION = Pattern.compile("\"minor\":\\s*\"(\\d+)");
    /** The first that can say that stdin has ended. */
    private static final int OLDEST = 31;

    private static KubernetesStandIn cluster;

    @TempDir
    static Path shared;

    @BeforeAll
    static void startTheCluster() throws Exception {
        Optional<String> kubectl = kubectl();
        assumeTrue(kubectl.isPresent(), "there is no kubectl: neither KUBECTL nor PATH names one");
        int minor = minor(kubectl.get());
        assumeTrue(
                minor >= OLDEST,
                kubectl.get() + " is 1." + minor + ", and cannot say that stdin has ended before 1." + OLDEST);
        cluster = new KubernetesStandIn("h1", "h2");
        cluster.config(shared.resolve("config"));
        KubernetesStandIn.config(shared.resolve("nobody"), 1);
    }

    @AfterAll
    static void stopTheCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void theJudgeJudgesAWorkerThatItCarries() {
        LaunchedJudge.judges(
                line -> ProgramProcess.command(Map.of(), line),
                Programs.concat(program("config"), "exec", "-i", "h1", "--"));
    }

    private static Optional<String> kubectl() {
        return Optional.ofNullable(System.getenv("KUBECTL"))
                .or(() -> Programs.onPath("kubectl").map(Path::toString));
    }

    private static int minor(String kubectl) throws IOException {
        Process asked = new ProcessBuilder(kubectl, "version", "--client", "--output=json").start();
        Matcher minor = VERSION.matcher(new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return minor.find() ? Integer.parseInt(minor.group(1)) : 0;
    }

    @Override
    void link(String what) {
        cluster.cut("h2", what.equals(CUT));
    }

    @Override
    String good() {
        return "cluster";
    }

    @Override
    String launchers() {
        String neuron = Programs.neuron();
        return table("cluster", neuron, "config")
                + table("missing", "/no/such/neuron", "config")
                + table("forbidden", neuron, "config", "--namespace=others")
                + table("unreachable", neuron, "nobody")
                + "[hosts]\nh1.address = \"127.0.0.1\"\nh2.address = \"127.0.0.2\"\n";
    }

    private String table(String name, String neuron, String config, String... more) {
        return launcher(name, "kubectl", neuron, "program = " + toml(Programs.concat(program(config), more)));
    }

    private static List<String> program(String config) {
        return List.of(
                kubectl().orElseThrow(),
                "--kubeconfig=" + shared.resolve(config),
                "--cache-dir=" + shared.resolve("cache"));
    }

    @Override
    Map<String, String> wrong() {
        return Map.of(
                "missing", "/no/such/neuron",
                "forbidden", "is forbidden",
                "unreachable", "127.0.0.1:1");
    }
}
