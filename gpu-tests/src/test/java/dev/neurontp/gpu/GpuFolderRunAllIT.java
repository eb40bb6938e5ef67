package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run-all} of the self-contained folder, on the stand-in. Its profile builds the folder: {@code -Pgpu-folder}. */
@Tag("folder")
@Tag("long")
class GpuFolderRunAllIT {
    private static final Duration LIMIT = Duration.ofMinutes(8);
    private static final Path FOLDER = Programs.root().resolve("gpu-tests/target/neurontp-gpu-tests");
    private static final Path SIM = Programs.root().resolve("gpu-tests/target/sim");

    @TempDir
    private Path temporary;

    private record Result(int code, String said) {}

    @BeforeEach
    void needsTheFolderAndTheStandIn() {
        assumeTrue(Files.exists(FOLDER), "SKIPPED: there is no " + FOLDER + ", ./mvnw verify -Pgpu-folder makes it");
        assumeTrue(NcclHost.simulationIsBuilt(), NcclHost.whyNotBuilt());
    }

    private Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(temporary.resolve("said").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Result end(Process process) throws IOException, InterruptedException {
        boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(temporary.resolve("said"));
        assertThat(ended).as(said).isTrue();
        return new Result(process.exitValue(), said);
    }

    private List<String> runAll(String... options) {
        List<String> command = new ArrayList<>(
                List.of(FOLDER.resolve("run-all").toString(), "--simulation", "--out", temporary.toString()));
        command.addAll(List.of(options));
        return command;
    }

    private Result run(Map<String, String> faults, String... options) throws IOException, InterruptedException {
        return end(start(simulated(faults), runAll(options)));
    }

    private static Map<String, String> simulated(Map<String, String> faults) {
        return Stream.concat(faults.entrySet().stream(), Stream.of(Map.entry("NEURONTP_SIM", SIM.toString())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The files in the only archive of that folder, without the name of the run. */
    private static List<String> archived(Path out) throws IOException, InterruptedException {
        Path archive;
        try (Stream<Path> files = Files.list(out)) {
            archive = files.filter(file -> file.toString().endsWith(".tar.gz"))
                    .reduce((one, other) -> {
                        throw new AssertionError("two archives: " + one + " and " + other);
                    })
                    .orElseThrow();
        }
        Process tar = new ProcessBuilder("tar", "-tzf", archive.toString()).start();
        try (InputStream names = tar.getInputStream()) {
            List<String> all = new String(names.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(name -> name.substring(name.indexOf('/') + 1))
                    .toList();
            assertThat(tar.waitFor()).isZero();
            return all;
        }
    }

    @Test
    void everyPartRunsInARootWithoutJavaAndLeavesOneArchive() throws Exception {
        assumeTrue(
                Programs.runs(List.of("unshare", "--mount", "--net", "true")),
                "SKIPPED: this user may not make namespaces (unshare)");
        BareRoot bare = BareRoot.create(Files.createDirectory(temporary.resolve("root")), FOLDER);

        Result result = end(start(
                Map.of(),
                bare.command(
                        FOLDER,
                        SIM,
                        List.of(
                                BareRoot.FOLDER + "/run-all",
                                "--simulation",
                                "--out",
                                BareRoot.OUT,
                                "--tests",
                                "SimulatedStdoutIT"))));

        for (String step : List.of(
                "host",
                "doctor",
                "timings-first",
                "timings-second",
                "validate-one",
                "validate-all",
                "gpu-tests",
                "doctor-after")) {
            assertThat(result.said()).containsPattern("PASSED +" + step + " ");
        }
        assertThat(result.said()).contains("SIMULATED", "RESULT: PASSED, SIMULATED, not on hardware");
        assertThat(result.code()).isZero();
        assertThat(archived(bare.out()))
                .contains(
                        "summary.txt",
                        "host.txt",
                        "doctor.json",
                        "doctor-bundle.tar.gz",
                        "timings-first.txt",
                        "validate-one/report.json",
                        "validate-one/junit.xml",
                        "validate-all/report.html",
                        "gpu-tests.txt",
                        "doctor-after.json");
    }

    @Test
    void onAHostWithOneGpuTwoRanksShareIt() throws Exception {
        Result result = run(Map.of("NEURONTP_SIM_DEVICES", "1"), "--only", "validate-all,validate-shared");

        assertThat(result.said())
                .containsPattern("PASSED +validate-shared ")
                .containsPattern("NOT RUN +validate-all +is no part of a run on a host with 1 GPU");
        assertThat(result.code()).isZero();
        assertThat(archived(temporary)).contains("validate-shared/report.json");
    }

    @Test
    void aPartThatFailsKeepsNoOtherFromRunningAndIsTheExitCode() throws Exception {
        Result result = run(Map.of("NEURONTP_SIM_NVML", "mig@2"), "--only", "doctor,timings-first");

        assertThat(result.said())
                .containsPattern("FAILED +doctor ")
                .containsPattern("PASSED +timings-first ")
                .contains("RESULT: FAILED");
        assertThat(result.code()).isEqualTo(1);
        assertThat(archived(temporary)).contains("doctor.json", "timings-first.txt", "summary.txt");
    }

    @Test
    void aDriverThatHangsIsEndedByTheBoundAndTheDoctorSaysSo() throws Exception {
        Result result = run(Map.of("NEURONTP_SIM_CU_INIT", "hang"), "--only", "doctor,validate-one");

        assertThat(result.said())
                .containsPattern("TIMED OUT +host .*it may take 15 s and was ended")
                .containsPattern("FAILED +doctor ")
                .containsPattern("NOT RUN +validate-one .*there is no GPU with NCCL that can be used here");
        assertThat(result.code()).isEqualTo(1);
        assertThat(archived(temporary)).contains("doctor.json", "summary.txt");
    }

    @Test
    void whoIsInterruptedLeavesTheArchiveAndNoProcess() throws Exception {
        Process process =
                start(simulated(Map.of("NEURONTP_SIM_FAULT", "hang@init")), runAll("--only", "doctor,timings-first"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Files.readString(temporary.resolve("said")).contains("doctor")
                        && process.descendants().findAny().isPresent());
        List<ProcessHandle> below = process.descendants().toList();

        process.destroy();
        Result result = end(process);

        assertThat(result.code()).isEqualTo(143);
        assertThat(result.said()).contains("INTERRUPTED");
        assertThat(archived(temporary)).contains("doctor.json", "summary.txt");
        below.forEach(handle -> assertThat(handle.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void aWrongOptionIsRefused() throws Exception {
        Result both = run(Map.of(), "--require-gpu");
        Result unknown = run(Map.of(), "--only", "doctor,x");

        assertThat(both.said()).contains("exclude each other", "Usage: run-all");
        assertThat(both.code()).isEqualTo(2);
        assertThat(unknown.said()).contains("--only names 'x': there are nvidia-smi, doctor");
        assertThat(unknown.code()).isEqualTo(2);
    }
}
