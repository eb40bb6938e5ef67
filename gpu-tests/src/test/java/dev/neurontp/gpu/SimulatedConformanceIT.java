package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The judge finds nothing wrong with a worker of stage 7a-ii over NCCL. */
@Tag("sim")
@Needs.StandIn
class SimulatedConformanceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void theConformanceSuitePassesInStage7aIi() throws IOException, InterruptedException {
        Path root = NcclHost.root();
        assumeTrue(
                Files.isDirectory(root.resolve("ops-cli/target/app/lib")),
                "SKIPPED: tpctl is not built here, the whole ./mvnw verify builds it first");
        String tpctl = root.resolve("bin/tpctl").toString();
        try (NeuronProcess list = NeuronProcess.run(Map.of(), List.of(tpctl, "conformance", "list"))) {
            assumeTrue(list.exitCode(PATIENCE) == 0, "SKIPPED: this tpctl has no conformance suite");
        }
        List<String> command = List.of(
                tpctl,
                "conformance",
                "run",
                "--stage=7a-ii",
                "--strict",
                "--tries=20",
                "--timeout=30s",
                "--comm-id-command=" + root.resolve("bin/neuron") + " --comm-id --communicator nccl",
                "--",
                root.resolve("bin/neuron").toString());
        try (NeuronProcess judge = NeuronProcess.run(Simulation.HOST.environment(), command)) {
            List<String> said = judge.rest(PATIENCE);

            assertThat(judge.exitCode(PATIENCE)).as(said + judge.stderr()).isZero();
            assertThat(said + judge.stderr()).contains("0 failed", "stage 7a-ii");
        }
    }
}
