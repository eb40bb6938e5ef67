package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.testing.Programs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The judge finds nothing wrong with a worker of stage 7a-ii over NCCL. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedConformanceIT {
    @Test
    void theConformanceSuitePassesInStage7aIi() {
        RunReport report = judge(new RunOptions(
                neuron(),
                Optional.of(Stage.of("7a-ii")),
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                1,
                20,
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                false,
                true,
                2,
                neuron("--comm-id", "--communicator", "nccl"),
                List.of(2, 3),
                "tpctl conformance run"));

        assertThat(report.findings()).isEmpty();
        assertThat(report.errors()).isEmpty();
        assertThat(report.unjudgeable()).isEmpty();
        assertThat(report.stage()).isEqualTo("7a-ii");
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
    }

    private static RunReport judge(RunOptions options) {
        return new ConformanceRun(options, Listener.NONE).run();
    }

    /** On the stand-in, which the judge knows nothing of. */
    private static List<String> neuron(String... arguments) {
        List<String> command = new ArrayList<>(List.of("env"));
        Simulation.HOST.environment().forEach((name, value) -> command.add(name + "=" + value));
        command.add(Programs.neuron());
        command.addAll(List.of(arguments));
        return command;
    }
}
