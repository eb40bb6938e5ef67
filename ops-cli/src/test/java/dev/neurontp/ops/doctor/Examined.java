package dev.neurontp.ops.doctor;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import dev.neurontp.ops.doctor.probe.Facts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** What all rows say of a made-up host, whose NVML is the stand-in in a real child process. */
final class Examined {
    static final Path NVML = Path.of("target/sim/libnvidia-ml.so.1").toAbsolutePath();
    static final Duration BOUND = Duration.ofSeconds(60);

    private Examined() {}

    /** Skips the test where this machine could not build the stand-in. */
    static void requireNvml() {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML + ": it needs gcc");
    }

    static Answer answer(String state) throws InterruptedException {
        return answer(state, MadeUpHost.GPUS);
    }

    static Answer answer(String state, int gpus) throws InterruptedException {
        requireNvml();
        return DriverProbes.nvml(
                Map.of(
                        "NEURON_NVML_LIBRARY",
                        NVML.toString(),
                        "NEURONTP_SIM_NVML",
                        state,
                        "NEURONTP_SIM_DEVICES",
                        Integer.toString(gpus)),
                BOUND);
    }

    static List<Result> results(MadeUpHost host, Facts facts) throws InterruptedException {
        return Examination.of(host.evidence(facts), EnumSet.allOf(Row.class));
    }

    static List<Result> bad(List<Result> results) {
        return results.stream()
                .filter(result ->
                        result.finding().level() != Level.OK && result.finding().level() != Level.SKIPPED)
                .toList();
    }
}
