package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The self-contained folder runs without Java, PATH or network. Its profile builds it: {@code -Pgpu-folder}. */
@Tag("folder")
@Tag("long")
class GpuFolderIT {
    private static final long MINUTES = 4;

    private static final Path PACKED = Programs.root().resolve("gpu-tests/target/neurontp-gpu-tests.tar.gz");
    private static final Path RUN = Programs.root().resolve("gpu-tests/target/neurontp-gpu-tests/run-gpu-tests");

    @TempDir
    Path folder;

    private record Result(int code, String said) {}

    @BeforeEach
    void theFolderIsThere() {
        assumeTrue(Files.exists(PACKED), "SKIPPED: there is no " + PACKED + ", ./mvnw verify -Pgpu-folder makes it");
    }

    private Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(RUN.toString()));
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "");
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(said)).isTrue();
        return new Result(process.exitValue(), Files.readString(said));
    }

    @Test
    void itFitsInto60Megabytes() throws IOException {
        assertThat(Files.size(PACKED)).isLessThan(60_000_000);
    }

    @Test
    void onAHostWithoutAGpuItSaysThatNothingWasRun() throws IOException, InterruptedException {
        assumeTrue(Requires.host().problem().isPresent(), "SKIPPED: this host has a GPU");

        Result result = run(Map.of());

        assertThat(result.said()).contains("RESULT: NOT RUN", "problem=", "libcuda.so.1");
        assertThat(result.code()).isEqualTo(3);
    }

    @Test
    void whereAGpuIsRequiredItsAbsenceIsAFailure() throws IOException, InterruptedException {
        assumeTrue(Requires.host().problem().isPresent(), "SKIPPED: this host has a GPU");

        Result result = run(Map.of(), "--require-gpu");

        assertThat(result.said()).contains("RESULT: FAILED", "hardware is required in this run");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void theStandInInPlaceOfTheRealLibrariesIsNoHardware() throws IOException, InterruptedException {
        assumeTrue(NcclHost.simulationIsBuilt(), NcclHost.whyNotBuilt());
        Map<String, String> standIn = NcclHost.simulated().environment();

        Result result = run(standIn);
        Result required = run(standIn, "--require-gpu", "OneGpuIT");

        assertThat(result.said()).contains("RESULT: NOT RUN", "problem=the libraries that are set are the stand-in's");
        assertThat(result.code()).isEqualTo(3);
        assertThat(required.said()).contains("RESULT: FAILED", "which is no hardware");
        assertThat(required.code()).isEqualTo(1);
    }

    @Test
    void itRunsItsTestsOnTheStandInAndSaysSo() throws IOException, InterruptedException {
        assumeTrue(NcclHost.simulationIsBuilt(), NcclHost.whyNotBuilt());

        Result result = run(
                Map.of(
                        "NEURONTP_SIM",
                        Programs.root().resolve("gpu-tests/target/sim").toString()),
                "--simulation",
                "SimulatedStdoutIT");

        assertThat(result.said())
                .contains("SIMULATION", "4 tests successful", "RESULT: PASSED, ON THE SIMULATION, not on hardware");
        assertThat(result.code()).isZero();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(folder.resolve("said"));
        }
    }
}
