package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe of a host says of libnvidia-ml.so.1, without which NCCL does not start. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedProbeIT {
    @TempDir
    Path folder;

    private static NcclHost probed(Path nvml) {
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.put("NEURON_NVML_LIBRARY", nvml.toString());
        return NcclHost.probed(environment);
    }

    @Test
    void aHostThatHasAllThreeLibrariesHasNoProblem() {
        assertThat(Simulation.HOST.problem()).isEmpty();
        assertThat(Simulation.HOST.facts())
                .containsEntry(
                        "nvml_library",
                        NcclHost.simulatedFile("libnvidia-ml.so.1").toString());
    }

    @Test
    void aHostWithoutNvmlIsToldWhatToDo() throws Exception {
        Path none = folder.resolve("none.so");

        assertThat(probed(none).problem().orElseThrow())
                .contains(
                        "libnvidia-ml.so.1 is not there: no file " + none,
                        "NEURON_NVML_LIBRARY",
                        "NCCL does not start without libnvidia-ml.so.1",
                        "NVIDIA_DRIVER_CAPABILITIES=compute,utility");
        assertThat(probed(Files.writeString(folder.resolve("broken.so"), "no library"))
                        .problem()
                        .orElseThrow())
                .contains("the loader says: ", "file too short");
        assertThat(probed(none).facts()).as("the rest is still told").containsEntry("devices", "8");
    }
}
