package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.validate.Collective;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command with real workers on the loopback communicator. */
@Tag("long")
class ValidateIT {
    private static final String FAULT = "NEURON_LOOPBACK_FAULT";
    private static final String[] SMALL = {"--datatype", "float,int64", "-e", "4K", "--iters", "2", "-w", "1"};

    /** What a worker in sh answers to x_device: a line of its case. */
    private static final String DEVICE = """
            *x_device*) echo '{"op":"x_device_info","host":"h","boot_id":"b","communicator":"loopback","simulated":1,\
            "device_uuid":"GPU-'$3'","pci_bus_id":"","device_name":"","driver":"","cuda":"","nccl":"","nccl_library":"",\
            "memory_total":"","memory_free":"","numa_node":"","compute_capability":""}' ;;
            """;

    @TempDir
    private Path folder;

    private static ProgramProcess validate(Map<String, String> environment, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("validate", "--communicator", "loopback"));
        words.addAll(List.of(options));
        return ProgramProcess.tpctl(environment, words.toArray(String[]::new));
    }

    private static ProgramProcess small(Map<String, String> environment, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(SMALL));
        words.addAll(List.of(options));
        return validate(environment, words.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aHealthyGroupPassesAndSaysThatItIsSimulated(int ranks) throws Exception {
        try (ProgramProcess run = small(Map.of(), "-n", String.valueOf(ranks), "--report", folder.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.OK);
            String out = String.join("\n", run.stdout());
            assertThat(out)
                    .startsWith("SIMULATED")
                    .contains("PASSED (SIMULATED", "loopback uses no GPU")
                    .doesNotContain("FAIL", "\u001b");
            for (Collective collective : Collective.values()) {
                assertThat(out).contains("correctness  " + collective.label());
            }
        }
        assertThat(folder).isDirectoryContaining("glob:**/report.html").isDirectoryContaining("glob:**/junit.xml");
        JsonNode report = JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
        assertThat(report.get("hardware").asBoolean(true)).isFalse();
        assertThat(report.at("/counts/fail").asInt(-1)).isZero();
        assertThat(report.at("/ranks")).hasSize(ranks);
    }

    @Test
    void aRankThatNeverEntersIsNamedAtTheDeadline() throws Exception {
        try (ProgramProcess run = small(
                Map.of(FAULT, "rank=1,at=collective,do=hang"),
                "-n",
                "3",
                "--timeout",
                "1s",
                "--collectives",
                "broadcast",
                "--report",
                folder.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout()))
                    .contains("the group was lost", "nothing came from rank 1", "all ranks again, for the pairs")
                    .contains("--timeout 1s is for one run; this request has", "and may take 11 s on a rank");
        }
        List<String> ids = new ArrayList<>();
        JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("report.json")))
                .get("cases")
                .forEach(one -> ids.add(one.get("id").stringValue()));
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void theRootsAreTheFirstAndTheLastRankOrThoseAskedFor() throws Exception {
        assertThat(roots()).containsExactly("0", "2");
        assertThat(roots("--root", "all")).containsExactly("0", "1", "2");
        assertThat(roots("--root", "1")).containsExactly("1");
    }

    private Set<String> roots(String... options) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("-n", "3", "--collectives", "broadcast", "--report", folder.toString()));
        words.addAll(List.of(options));
        try (ProgramProcess run = small(Map.of(), words.toArray(String[]::new))) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.OK);
        }
        Set<String> roots = new TreeSet<>();
        JsonMapper.shared()
                .readTree(Files.readString(folder.resolve("report.json")))
                .get("cases")
                .forEach(one -> {
                    if (one.get("phase").stringValue().equals("correctness")) {
                        roots.add(one.get("root").toString());
                    }
                });
        return roots;
    }

    /** A worker without the extensions: this stage refuses all collectives, so nothing can be checked, and that is no pass. */
    @Test
    void aWorkerThatCannotJoinIsNoPass() throws Exception {
        try (ProgramProcess run = small(Map.of("NEURON_TP_STAGE", "7a-i"))) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout())).contains("not_implemented_7a_i");
        }
    }

    /** A worker in sh that answers ping, init and shutdown, and what the lines of {@code more} add; all else it does not know. */
    private Path stranger(String more) throws Exception {
        return Files.writeString(folder.resolve("worker.sh"), """
                while read -r line; do
                    case $line in
                    *ping*) echo '{"op":"pong","rank":'$3',"world_size":'$5',"cuda_device":'$7'}' ;;
                MORE
                    *init*) echo '{"op":"init_ok"}' ;;
                    *shutdown*) echo '{"op":"bye"}'; exit 0 ;;
                    *) echo '{"op":"error","kind":"bad_request","message":"no such op"}' ;;
                    esac
                done
                """.replace("MORE", more.strip()));
    }

    private static String sanity(String sum) {
        return "*nccl_sanity_check*) echo '{\"op\":\"nccl_sanity_result\",\"observed_sum\":" + sum + "}' ;;\n";
    }

    /** The original's worker has no extensions: it is told, the plain sum is checked, and nothing is claimed of its hardware. */
    @Test
    void aWorkerWithoutTheExtensionsHasItsPlainSumChecked() throws Exception {
        Path worker = stranger(sanity("'$5'"));
        try (ProgramProcess run = small(Map.of(), "-n", "2", "--", "sh", worker.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.OK);
            assertThat(String.join("\n", run.stdout()))
                    .contains(
                            "no x_collective",
                            "sum of 1 over all ranks was checked, it is 2",
                            "PASSED (HARDWARE UNKNOWN)")
                    .doesNotContain("SIMULATED", "no GPU was used");
        }
    }

    /** Nothing is right because a worker says so: in every phase it must have compared what it received. */
    @Test
    void aWorkerThatComparesNothingPassesNowhere() throws Exception {
        Path worker = stranger(DEVICE + """
                *x_collective*) echo '{"op":"x_collective_result","checked":"0","wrong":"0","first_index":"","expected":"",\
                "got":"","cause":"","wrong_from":"","device_ns_min":"","device_ns_median":"","device_ns_max":"",\
                "wall_ns_min":"1000","wall_ns_median":"1000","wall_ns_max":"1000","arrived_ns":"","simulated":1}' ;;
                """);
        try (ProgramProcess run = small(Map.of(), "-n", "2", "-o", "json", "--", "sh", worker.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.FAILED);
            JsonNode report = JsonMapper.shared().readTree(String.join("\n", run.stdout()));
            List<String> passed = new ArrayList<>();
            report.get("cases").forEach(one -> {
                if (one.has("collective") && !one.get("status").stringValue().equals("FAIL")) {
                    passed.add(one.get("id").stringValue());
                }
            });
            assertThat(passed).isEmpty();
        }
    }

    /** It breaks the contract, and the report says so: no rank is accused, and the run does not end by it. */
    @Test
    void aWorkerThatNamesARankOutsideTheGroupIsReported() throws Exception {
        Path worker = stranger(DEVICE + """
                *x_collective*) echo '{"op":"x_collective_result","checked":"1","wrong":"1","first_index":"0","expected":"",\
                "got":"","cause":"","wrong_from":"4294967295:1","device_ns_min":"","device_ns_median":"","device_ns_max":"",\
                "wall_ns_min":"","wall_ns_median":"","wall_ns_max":"","arrived_ns":"","simulated":1}' ;;
                """);
        try (ProgramProcess run =
                small(Map.of(), "-n", "2", "--report", folder.toString(), "--", "sh", worker.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout()))
                    .contains("its wrong_from names rank 4294967295, and this group has ranks 0 to 1")
                    .doesNotContain("Index");
        }
        assertThat(folder).isDirectoryContaining("glob:**/report.json");
    }

    /** With {@code x_device} alone the plain sum is what is left too, and its fault is found. */
    @ParameterizedTest
    @CsvSource({
        "2, 0, 'no x_collective: only the sum of 1 over all ranks was checked, it is 2'",
        "3, 1, 'it observed the sum 3 instead of 2'"
    })
    void aWorkerWithoutCollectivesHasItsPlainSumChecked(int sum, int code, String words) throws Exception {
        Path worker = stranger(DEVICE + sanity(String.valueOf(sum)));
        try (ProgramProcess run = small(Map.of(), "-n", "2", "--", "sh", worker.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(code);
            assertThat(String.join("\n", run.stdout())).contains("correctness  sanity", words);
        }
    }

    /** A worker that does not say what it runs on has its collectives compared all the same. */
    @Test
    void aWorkerWithoutDeviceInfoHasItsDataChecked() throws Exception {
        Path worker = Files.writeString(folder.resolve("worker.sh"), """
                mkfifo "$0.$3"
                "%s" "$@" < "$0.$3" &
                exec 4> "$0.$3"
                while read -r line; do
                    case $line in
                    *x_device*) echo '{"op":"error","kind":"bad_request","message":"no such op"}' ;;
                    *shutdown*) printf '%%s\\n' "$line" >&4; wait; exit 0 ;;
                    *) printf '%%s\\n' "$line" >&4 ;;
                    esac
                done
                exec 4>&-
                wait
                """.formatted(Programs.neuron()));
        try (ProgramProcess run = validate(
                Map.of(),
                "-n",
                "2",
                "--collectives",
                "all_reduce",
                "--iters",
                "2",
                "-b",
                "16M",
                "-e",
                "32M",
                "--",
                "sh",
                worker.toString())) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.OK);
            assertThat(String.join("\n", run.stdout()))
                    .contains("no x_device", "correctness  all_reduce", "elements compared")
                    .contains("asked for 32M, and nothing above 8M is measured")
                    .doesNotContain("no x_collective");
        }
    }

    @Test
    void aVariableThatHidesEveryGpuIsNamed() throws Exception {
        try (ProgramProcess run = ProgramProcess.tpctl(Map.of("CUDA_VISIBLE_DEVICES", ""), "validate")) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(run.stderr()).contains("CUDA_VISIBLE_DEVICES is set and empty");
        }
    }

    @Test
    void requireHardwareIsNoPassWithoutIt() throws Exception {
        try (ProgramProcess run =
                small(Map.of(), "--require-hardware", "--collectives", "all_reduce", "--report", folder.toString())) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(run.stderr()).contains("--require-hardware");
            assertThat(folder.resolve("report.json")).content().contains("\"exit_code\" : 3", "NO HARDWARE");
            assertThat(folder.resolve("junit.xml")).content().contains("errors=\"1\"", "NO HARDWARE (SIMULATED");
        }
    }

    /** What an earlier run has found must not be taken for the word of one that came to none. */
    @Test
    void aRunThatCannotBeginLeavesNoReport() throws Exception {
        for (String name : List.of("report.json", "junit.xml", "report.md", "report.html", "mine.txt")) {
            Files.writeString(folder.resolve(name), "PASSED");
        }
        try (ProgramProcess run = ProgramProcess.tpctl(
                Map.of("CUDA_VISIBLE_DEVICES", ""),
                "validate",
                "--baseline",
                folder.resolve("report.json").toString(),
                "--report",
                folder.toString())) {
            assertThat(run.exitCode()).isNotZero();
            assertThat(folder.resolve("report.json")).as("what it was to read").hasContent("PASSED");
        }
        try (ProgramProcess run =
                ProgramProcess.tpctl(Map.of("CUDA_VISIBLE_DEVICES", ""), "validate", "--report", folder.toString())) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        }
        assertThat(folder)
                .isDirectoryNotContaining("glob:**/{report,junit}.*")
                .isDirectoryContaining("glob:**/mine.txt");
    }

    @Test
    void ctrlCReportsWhatWasFoundAndLeavesNothing() throws Exception {
        try (ProgramProcess run = validate(Map.of(), "-n", "3", "--burn", "1h", "--report", folder.toString())) {
            run.awaitLog("validate: correctness");
            run.signal("INT");
            assertThat(run.exitCode()).isEqualTo(130);
            assertThat(String.join("\n", run.stdout())).contains("INTERRUPTED");
        }
        JsonNode report = JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
        report.at("/ranks")
                .forEach(rank -> assertThat(
                                ProcessHandle.of(rank.get("pid").asLong()).filter(ProcessHandle::isAlive))
                        .isEmpty());
    }

    @Test
    void maxTimeEndsARunThatHasFoundNothing() throws Exception {
        try (ProgramProcess run = validate(Map.of(), "--burn", "1h", "--max-time", "2s", "-o", "json")) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.TIMED_OUT);
            JsonNode report = JsonMapper.shared().readTree(String.join("\n", run.stdout()));
            assertThat(report.get("verdict").stringValue()).startsWith("OUT OF TIME");
            assertThat(report.get("cases").size()).isLessThan(1000);
        }
    }

    @Test
    void diffShowsWhatBecameWorse() throws Exception {
        Path before = folder.resolve("before");
        Path after = folder.resolve("after");
        try (ProgramProcess run =
                small(Map.of(), "-n", "3", "--collectives", "all_reduce", "--report", before.toString())) {
            assertThat(run.exitCode()).isZero();
        }
        try (ProgramProcess run = small(
                Map.of(FAULT, "rank=2,at=collective,do=skip"),
                "-n",
                "3",
                "--collectives",
                "all_reduce",
                "--report",
                after.toString())) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        }
        String[] files = {
            before.resolve("report.json").toString(),
            after.resolve("report.json").toString()
        };
        try (ProgramProcess run = ProgramProcess.tpctl("validate", "diff", files[0], files[1])) {
            assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout())).contains("correctness/all_reduce/4/float/sum/out", "FAIL");
        }
        try (ProgramProcess run = ProgramProcess.tpctl("validate", "diff", files[0], files[0])) {
            assertThat(run.exitCode()).isZero();
            assertThat(String.join("\n", run.stdout())).contains("the same verdicts");
        }
    }
}
