package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every fault of docs/validation.md is found by its check and by no other, and its rank is named: {@code tpctl validate} with real
 * workers, over the stand-in for CUDA and NCCL and over loopback.
 */
@Tag("long")
class FaultTableIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Pattern WRONG = Pattern.compile("(?m)^rank (\\d+) \\(.* wrong of \\d+ elements$");
    private static final Pattern BELONG = Pattern.compile("(?m)^  they belong to (.*)$");

    @TempDir
    private static Path folder;

    private static JsonNode manyFaults;

    static List<FaultTable.OfData> ofData() throws IOException {
        return FaultTable.ofData();
    }

    static Stream<FaultTable.OfRun> overTheStandIn() throws IOException {
        return FaultTable.ofRuns().stream().filter(fault -> !fault.overLoopback());
    }

    static Stream<FaultTable.OfRun> overLoopback() throws IOException {
        return FaultTable.ofRuns().stream().filter(FaultTable.OfRun::overLoopback);
    }

    private static void requireTheStandIn() {
        assumeTrue(StandIn.isBuilt(), StandIn.MISSING);
    }

    private record Run(int exitCode, String out, JsonNode report) {}

    private static Run run(Map<String, String> environment, List<String> options) throws Exception {
        Path report = Files.createTempDirectory(folder, "run");
        List<String> words = new ArrayList<>(List.of(
                "validate",
                "-b",
                "8",
                "-e",
                "8",
                // A seed for which no value of 8 bits hides behind another explanation.
                "--seed",
                "5",
                "--iters",
                "3",
                "-w",
                "1",
                "--timeout",
                "3s",
                "--report",
                report.toString()));
        words.addAll(options);
        try (ProgramProcess run = ProgramProcess.tpctl(environment, words.toArray(String[]::new))) {
            int code = run.exitCode(LIMIT);
            return new Run(
                    code,
                    String.join("\n", run.stdout()),
                    JsonMapper.shared().readTree(Files.readString(report.resolve("report.json"))));
        }
    }

    private static Stream<JsonNode> cases(JsonNode report) {
        List<JsonNode> cases = new ArrayList<>();
        report.get("cases").forEach(cases::add);
        return cases.stream();
    }

    private static String id(JsonNode one) {
        return one.get("id").stringValue();
    }

    private static String evidence(JsonNode one) {
        List<String> lines = new ArrayList<>();
        one.get("evidence").forEach(line -> lines.add(line.stringValue()));
        return String.join("\n", lines);
    }

    /** Collective, bytes and type: of all roots and places. */
    private static String check(JsonNode one) {
        return Stream.of(id(one).split("/", -1)).skip(1).limit(3).collect(Collectors.joining("/"));
    }

    @BeforeAll
    static void plantManyFaultsInOneRun() throws Exception {
        if (StandIn.isBuilt()) {
            String faults = ofData().stream().map(FaultTable.OfData::fault).collect(Collectors.joining(","));
            Run run = run(
                    StandIn.environment(Map.of("NEURONTP_SIM_FAULT", faults)),
                    List.of("-n", "4", "--datatype", "float,f8e4m3,int64"));
            assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.FAILED);
            manyFaults = run.report();
        }
    }

    @Test
    void theTablesHaveAtLeast20FaultsAndNoneTwice() throws IOException {
        assertThat(ofData()).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
        assertThat(ofData().stream().flatMap(fault -> fault.foundBy().stream())).doesNotHaveDuplicates();
        assertThat(FaultTable.ofRuns()).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("ofData")
    void wrongDataIsFoundByItsCheckAndNamesTheRank(FaultTable.OfData fault) {
        requireTheStandIn();
        List<JsonNode> found = cases(manyFaults)
                .filter(one -> StandIn.isBad(one) && fault.foundBy().contains(check(one)))
                .toList();

        assertThat(found.stream().map(FaultTableIT::check).distinct())
                .containsExactlyInAnyOrderElementsOf(fault.foundBy());
        assertThat(found).allSatisfy(one -> {
            assertThat(one.get("reason").stringValue()).as(id(one)).isEqualTo("wrong data");
            assertThat(evidence(one)).as(id(one)).contains(fault.says());
        });
        String rank = fault.names().substring(fault.names().lastIndexOf(' ') + 1);
        assertThat(found).allSatisfy(one -> {
            if (fault.names().startsWith("only ")) {
                assertThat(FaultTable.group(WRONG, evidence(one))).as(id(one)).containsExactly(rank);
            } else {
                assertThat(fault.names()).isEqualTo("data of rank " + rank);
                assertThat(FaultTable.group(BELONG, evidence(one)))
                        .as(id(one))
                        .isNotEmpty()
                        .allMatch(owner -> owner.startsWith("rank " + rank + " (") && !owner.contains(", rank "));
            }
        });
    }

    @Test
    void noOtherCheckOfThatRunFails() throws IOException {
        requireTheStandIn();
        List<String> wanted =
                ofData().stream().flatMap(fault -> fault.foundBy().stream()).toList();

        assertThat(cases(manyFaults)
                        .filter(StandIn::isBad)
                        .filter(one -> !id(one).startsWith("correctness/") || !wanted.contains(check(one)))
                        .map(FaultTableIT::id))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("overTheStandIn")
    void aFaultIsFoundByItsCheckAndNoOther(FaultTable.OfRun fault) throws Exception {
        requireTheStandIn();
        found(fault, run(StandIn.environment(fault.environment()), with(fault.options(), "--datatype", "float")));
    }

    @ParameterizedTest
    @MethodSource("overLoopback")
    void aFaultOverLoopbackIsFoundByItsCheckAndNoOther(FaultTable.OfRun fault) throws Exception {
        found(
                fault,
                run(fault.environment(), with(fault.options(), "--datatype", "float", "--communicator", "loopback")));
    }

    private static void found(FaultTable.OfRun fault, Run run) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(fault.exitCode());
        assertThat(StandIn.bad(run.report())).containsExactlyInAnyOrderElementsOf(fault.foundBy());
        assertThat(run.out()).contains(fault.says());
    }

    private static List<String> with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }

    /** An NCCL before 2.24: what it has is checked, and what it has not is no pass. */
    @ParameterizedTest
    @ValueSource(strings = {"float,f8e4m3", "f8e4m3,float"})
    void aTypeThatThisNcclDoesNotHaveIsSkippedWithTheReason(String types) throws Exception {
        requireTheStandIn();
        Run run = run(
                StandIn.environment(Map.of("NEURONTP_SIM_NCCL_VERSION", "22300")),
                List.of("-n", "2", "--datatype", types, "--collectives", "all_reduce"));

        skipped(run, id -> id.contains("/f8e4m3"), "NCCL 2.23.0 (SIMULATION) has no f8e4m3: 2.24 and later have it");
    }

    /** What this NCCL does not have says nothing of what the worker has. */
    @Test
    void whereNothingThatWasAskedForIsThereNothingPasses() throws Exception {
        requireTheStandIn();
        Run run = run(
                StandIn.environment(Map.of("NEURONTP_SIM_NCCL_VERSION", "22300")),
                List.of("-n", "2", "--datatype", "f8e4m3", "--collectives", "all_reduce"));

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(run.out()).contains("NO COLLECTIVE CHECKED", "has no f8e4m3").doesNotContain("no x_collective");
    }

    /** An NCCL before 2.7 has no send and receive; the native all-to-all of 2.28 is never needed. */
    @Test
    void aFunctionThatThisNcclDoesNotHaveIsSkippedWithTheReason() throws Exception {
        requireTheStandIn();
        Path old = Files.createDirectory(folder.resolve("old")).resolve("libnccl.so.2");
        String bytes = Files.readString(StandIn.FOLDER.resolve("libnccl.so.2"), StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("\0ncclSend\0").doesNotContain("\0ncclAlltoAll\0");
        Files.writeString(old, bytes.replace("\0ncclSend\0", "\0ncclSenX\0"), StandardCharsets.ISO_8859_1);
        Run run = run(
                StandIn.environment(Map.of("NEURON_NCCL_LIBRARY", old.toString())),
                List.of("-n", "2", "--datatype", "float", "--collectives", "all_reduce,sendrecv,alltoall"));

        skipped(run, id -> id.contains("/sendrecv/") || id.contains("/alltoall/"), "has no ncclSend");
    }

    private static void skipped(Run run, Predicate<String> which, String reason) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.OK);
        assertThat(StandIn.bad(run.report())).isEmpty();
        List<JsonNode> correctness = cases(run.report())
                .filter(one -> id(one).startsWith("correctness/"))
                .toList();
        assertThat(correctness).anyMatch(one -> which.test(id(one))).anyMatch(one -> !which.test(id(one)));
        assertThat(correctness).allSatisfy(one -> {
            boolean isSkipped = one.get("status").stringValue().equals("SKIPPED");
            assertThat(isSkipped).as(id(one)).isEqualTo(which.test(id(one)));
            assertThat(!isSkipped || one.get("reason").stringValue().contains(reason))
                    .as(one.toString())
                    .isTrue();
        });
    }
}
