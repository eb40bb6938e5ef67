package dev.neurontp.ops.doctor;

import static dev.neurontp.ops.doctor.Examined.NVML;
import static dev.neurontp.ops.doctor.Examined.answer;
import static dev.neurontp.ops.doctor.Examined.bad;
import static dev.neurontp.ops.doctor.Examined.results;
import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import dev.neurontp.ops.doctor.probe.Facts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted fault of a host is found by its row, and by no other. NVML is the stand-in in a real child process. */
@Tag("long")
class HostFaultsTest {
    private static Facts healthy = Facts.NONE;

    @TempDir
    private Path root;

    @BeforeAll
    static void askAHealthyNvml() throws InterruptedException {
        if (Files.exists(NVML)) {
            healthy = answer("").facts();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.neurontp.ops.doctor.PlantedFaults#ofFiles")
    void aFaultOfTheHostIsFoundByItsRowAndNoOther(PlantedFaults.OfFiles fault) throws InterruptedException {
        Examined.requireNvml();
        MadeUpHost host = new MadeUpHost(root);
        fault.plant().accept(host);
        onlyFinding(fault.row(), fault.level(), results(host, healthy));
    }

    @ParameterizedTest
    @MethodSource("dev.neurontp.ops.doctor.PlantedFaults#ofNvml")
    void aFaultOfAGpuIsFoundByItsRowAndNoOther(PlantedFaults.OfNvml fault) throws InterruptedException {
        Answer answer = answer(fault.state());
        MadeUpHost host = new MadeUpHost(root);
        if (fault.row() == Row.D33) {
            host.remove("/proc/901/stat");
        }
        if (fault.row() == Row.D26) {
            // Who has the GPU is there.
            host.process(4711, "python3", 80, 4711, "python3\0");
        }
        Result found = onlyFinding(fault.row(), fault.level(), results(host, answer.facts()));
        assertThat(found.finding().seen()).contains(fault.said());
    }

    private static Result onlyFinding(Row row, Level level, List<Result> results) {
        List<Result> bad = bad(results);
        assertThat(bad).as("%s", bad).extracting(Result::row).containsExactly(row);
        assertThat(bad.getFirst().finding().level()).isEqualTo(level);
        assertThat(bad.getFirst().finding().wanted()).isNotBlank();
        assertThat(bad.getFirst().finding().remedy()).isNotBlank();
        return bad.getFirst();
    }

    @Test
    void aDriverThatHangsIsTheFindingWithItsPlace() throws InterruptedException {
        Examined.requireNvml();
        Answer answer = DriverProbes.nvml(
                Map.of("NEURON_NVML_LIBRARY", NVML.toString(), "NEURONTP_SIM_NVML", "hang@3"), Duration.ofSeconds(8));
        assertThat(answer.hang())
                .hasValueSatisfying(where -> assertThat(where)
                        .contains(
                                "did not end within 8 s",
                                "thread java: state S in ",
                                "it was killed",
                                "while asked for GPU 3"));
        MadeUpHost host = new MadeUpHost(root);
        host.nvmlHang = answer.hang();
        List<Result> bad = bad(results(host, answer.facts()));
        assertThat(bad).extracting(Result::row).containsExactly(Row.D00);
        assertThat(bad.getFirst().finding().level()).isEqualTo(Level.HUNG);
        assertThat(bad.getFirst().finding().wanted()).isEqualTo("an answer of the driver within 32 s");
        assertThat(bad.getFirst().finding().remedy())
                .contains("state D", "persistence is off (D33)", "nvidia-smi -pm 1");
        assertThat(results(host, answer.facts()).stream()
                        .filter(result -> result.row().needs() == Row.Needs.NVML && result.row() != Row.D39))
                .as("a GPU that was not asked is not called right")
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.finding().level()).isEqualTo(Level.SKIPPED));
    }

    /** Without persistence the driver wakes each GPU for whoever asks first. */
    @Test
    void aDriverThatWakesEightGpusIsWaitedFor() throws InterruptedException {
        Examined.requireNvml();
        Answer answer = DriverProbes.nvml(
                Map.of("NEURON_NVML_LIBRARY", NVML.toString(), "NEURONTP_SIM_NVML", "init_ms=9000"),
                DriverProbes.bound(MadeUpHost.GPUS));
        assertThat(answer.problem()).isEmpty();
        assertThat(answer.facts().number("count")).hasValue((long) MadeUpHost.GPUS);
        assertThat(DriverProbes.bound(0)).hasSeconds(8);
    }

    @Test
    void aHostWithoutAnyGpuSaysSoInOneRowAndSkipsTheOthers() throws InterruptedException {
        Host bare = new Host(
                new HostFiles(root),
                Map.of(),
                Optional.empty(),
                List.of(),
                new KernelLog.Reading.Lines(List.of(), 0, MadeUpHost.NOW),
                Optional.empty());
        Answer silent = Answer.notAsked("no library");
        List<Result> results =
                Examination.of(new Evidence(bare, Wanted.ANYTHING, silent, silent), EnumSet.allOf(Row.class));
        assertThat(results)
                .allSatisfy(result -> assertThat(result.finding().level()).isEqualTo(Level.SKIPPED))
                .allSatisfy(result -> assertThat(result.finding().seen()).isNotBlank());
        assertThat(results.getFirst().finding().seen()).contains("no NVIDIA GPU");
    }
}
