package dev.neurontp.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.time.Deadline;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted fault of a host is found by its row, and by no other. NVML is the stand-in in a real child process. */
@Tag("long")
class HostFaultsTest {
    private static final Path NVML = Path.of("target/sim/libnvidia-ml.so.1").toAbsolutePath();
    private static final Duration BOUND = Duration.ofSeconds(60);

    private static Facts healthy = Facts.NONE;

    @TempDir
    private Path root;

    @BeforeAll
    static void askAHealthyNvml() throws InterruptedException {
        if (Files.exists(NVML)) {
            healthy = answer("").facts();
        }
    }

    private static Answer answer(String state) throws InterruptedException {
        return answer(state, MadeUpHost.GPUS);
    }

    private static Answer answer(String state, int gpus) throws InterruptedException {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML + ": it needs gcc");
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

    private List<Result> results(MadeUpHost host, Facts facts) throws InterruptedException {
        return Examination.of(host.evidence(facts), EnumSet.allOf(Row.class), Deadline.in(BOUND));
    }

    private static List<Result> bad(List<Result> results) {
        return results.stream()
                .filter(result ->
                        result.finding().level() != Level.OK && result.finding().level() != Level.SKIPPED)
                .toList();
    }

    @Test
    void aHealthyHostIsOkInEveryRow() throws InterruptedException {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML);
        assertThat(results(new MadeUpHost(root), healthy))
                .hasSize(Row.values().length)
                .allSatisfy(result ->
                        assertThat(result.finding().level()).as("%s", result).isEqualTo(Level.OK));
    }

    /** As in a Slurm job with ConstrainDevices: /sys and /dev show all GPUs, and the control group refuses those of other jobs. */
    @Test
    void aJobWithAPartOfTheGpusIsOkInEveryRow() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.wanted = new Wanted(2, List.of(), true, true, false);
        host.cuda.put("devices", "2");
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.refuse("/dev/nvidia" + i);
        }
        List<Result> results = results(host, answer("", 2).facts());
        assertThat(bad(results)).isEmpty();
        assertThat(results)
                .filteredOn(result -> EnumSet.of(Row.D38, Row.D39).contains(result.row()))
                .allSatisfy(result -> assertThat(result.finding().seen()).contains("6 are not for this process"));
    }

    /** As in LXC, Enroot and Apptainer: /sys shows all GPUs, /dev those that the container was given. */
    @Test
    void aContainerWithAPartOfTheGpusIsOkInEveryRow() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.wanted = new Wanted(2, List.of(), true, true, false);
        host.cuda.put("devices", "2");
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.remove("/dev/nvidia" + i);
            host.nvml.put("open./dev/nvidia" + i, "");
        }
        assertThat(bad(results(host, answer("", 2).facts()))).isEmpty();
    }

    /** An image may have a fabric manager for hosts with NVSwitches; without them nobody needs it. */
    @Test
    void anOldFabricManagerWithoutNvSwitchesIsNoFault() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.fabricManager = Optional.of("550.54.15");
        host.remove("/proc/driver/nvidia-nvswitch/devices/0000:80:00.0");
        for (int i = 0; i < MadeUpHost.GPUS; i++) {
            host.nvml.put("gpu." + i + ".fabric_state", "");
        }
        assertThat(bad(results(host, healthy))).isEmpty();
    }

    /** As on a host with Docker networks or Kubernetes: their names come first, their indexes last, and some have no address. */
    @ParameterizedTest
    @CsvSource({"br-1a2b, lo eno1 br-1a2b", "cali12, lo eno1", "cni0, lo eno1 docker0 cni0"})
    void anInterfaceThatNcclDoesNotTakeIsNoFault(String other, String addressed) throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        host.write("/sys/class/net/" + other + "/operstate", "up");
        host.interfaces = List.of(addressed.split(" ", -1));
        List<Result> results = results(host, healthy);
        assertThat(bad(results)).isEmpty();
        assertThat(results)
                .filteredOn(result -> result.row() == Row.D20)
                .singleElement()
                .satisfies(result -> assertThat(result.finding().seen()).isEqualTo("NCCL would take eno1"));
    }

    /** Before a start nobody asks NVML: the device files say how many GPUs there are for this process. */
    @Test
    void gpusOfOtherJobsAreNotCountedBeforeAStart() throws InterruptedException {
        MadeUpHost host = new MadeUpHost(root);
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.refuse("/dev/nvidia" + i);
        }
        Answer silent = Answer.notAsked("not asked before a start");
        Evidence seen = host.evidence(Facts.NONE);
        assertThat(StartChecks.obstacles(
                        new Evidence(seen.host(), new Wanted(2, List.of(), true, true, false), silent, silent)))
                .isEmpty();
        assertThat(StartChecks.obstacles(
                        new Evidence(seen.host(), new Wanted(4, List.of(), true, true, false), silent, silent)))
                .singleElement()
                .asString()
                .contains("D23", "2 GPUs are visible");
    }

    /** A mark that came with srun from another host, one of a container with pids of its own, and one whose leader runs. */
    @ParameterizedTest
    @CsvSource({"other-boot-4690-77-3, pid:[1]", "1b-2c-4690-77-3, pid:[2]", "1b-2c-4691-77-3, pid:[1]"})
    void aRankWhoseLeaderMayRunIsNoOrphan(String mark, String namespace) throws InterruptedException {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML);
        MadeUpHost host = new MadeUpHost(root);
        host.process(4712, "java", 80, 4712, "java\0--worker\0--rank\0001\0");
        host.rankOf(4712, mark, namespace);
        host.process(4691, "java", 1, 4691, "neuron\0", 77);
        assertThat(bad(results(host, healthy))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.neurontp.ops.doctor.PlantedFaults#ofFiles")
    void aFaultOfTheHostIsFoundByItsRowAndNoOther(PlantedFaults.OfFiles fault) throws InterruptedException {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML);
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
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML);
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
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML);
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
                new KernelLog.Reading.Lines(List.of(), 0),
                Optional.empty());
        Answer silent = Answer.notAsked("no library");
        List<Result> results = Examination.of(
                new Evidence(bare, Wanted.ANYTHING, silent, silent), EnumSet.allOf(Row.class), Deadline.in(BOUND));
        assertThat(results)
                .allSatisfy(result -> assertThat(result.finding().level()).isEqualTo(Level.SKIPPED))
                .allSatisfy(result -> assertThat(result.finding().seen()).isNotBlank());
        assertThat(results.getFirst().finding().seen()).contains("no NVIDIA GPU");
    }
}
