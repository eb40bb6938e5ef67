package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command with real workers over the stand-in for CUDA and NCCL, healthy and in a burn-in. {@link FaultTableIT} has the faults
 * of collectives.
 */
@Tag("long")
class ValidateFaultsIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheStandIn() {
        assumeTrue(StandIn.isBuilt(), StandIn.MISSING);
    }

    private ProgramProcess validate(Map<String, String> more, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "validate",
                "--datatype",
                "float",
                "-e",
                "4K",
                "--seed",
                "5",
                "--iters",
                "3",
                "-w",
                "1",
                "--timeout",
                "3s",
                "--report",
                folder.toString()));
        words.addAll(List.of(options));
        return ProgramProcess.tpctl(StandIn.environment(more), words.toArray(String[]::new));
    }

    /** Also the sum by which the ranks meet before a measurement is wrong then: that is one more finding, and no end. */
    @Test
    void wrongDataWhereRanksMeetDoesNotEndTheRun() throws Exception {
        try (ProgramProcess run = validate(
                Map.of("NEURONTP_SIM_FAULT", "corrupt@all_reduce:1"),
                "-n",
                "3",
                "--collectives",
                "all_reduce,broadcast")) {
            assertThat(run.exitCode()).as(run.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout()))
                    .contains("suspect: only rank 1 (")
                    .doesNotContain("the group was lost");
        }
        assertThat(StandIn.bad(report()))
                .contains("correctness/all_reduce", "bandwidth/broadcast")
                .doesNotContain("leave/all ranks");
        assertThat(report().toString())
                .contains("all ranks met before the measured runs, and the sum of 1 over them was");
    }

    private JsonNode report() throws Exception {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("report.json")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aHealthyGroupPassesInEveryPhase(int ranks) throws Exception {
        try (ProgramProcess run = validate(Map.of(), "-n", String.valueOf(ranks))) {
            assertThat(run.exitCode(LIMIT)).as(run.stderr()).isEqualTo(ExitCode.OK);
            assertThat(String.join("\n", run.stdout())).startsWith("SIMULATED").contains("PASSED (SIMULATED");
        }
        JsonNode report = report();
        assertThat(report.get("hardware").asBoolean(true)).isFalse();
        report.get("cases")
                .forEach(one -> assertThat(one.path("busbw").isNumber()).isFalse());
        assertThat(report.at("/ranks/0/uuid").stringValue()).startsWith("GPU-");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 16})
    void aHealthyGroupOfAnySizePassesAndEveryPairIsMeasured(int ranks) throws Exception {
        String size = String.valueOf(ranks);
        try (ProgramProcess run =
                validate(Map.of("NEURONTP_SIM_DEVICES", size), "-n", size, "--collectives", "all_reduce,alltoall")) {
            assertThat(run.exitCode(LIMIT)).as(run.stderr()).isEqualTo(ExitCode.OK);
        }
        Set<String> pairs = new HashSet<>();
        Set<String> peers = new HashSet<>();
        report().get("cases").forEach(one -> {
            boolean large = one.path("bytes").asLong(0) > Long.BYTES;
            if (large && one.get("phase").stringValue().equals("pairs")) {
                pairs.addAll(List.of(one.get("pairs").stringValue().split(",", -1)));
            }
            if (large && one.get("phase").stringValue().equals("peers")) {
                peers.add(one.get("pairs").stringValue());
            }
        });
        assertThat(pairs).hasSize(ranks * (ranks - 1) / 2).isEqualTo(peers);
    }

    /** A threshold means nothing without hardware. */
    @Test
    void aThresholdIsRefused() throws Exception {
        try (ProgramProcess run = validate(Map.of(), "-n", "2", "--min-busbw", "1")) {
            assertThat(run.exitCode(LIMIT)).isEqualTo(ExitCode.USAGE);
            assertThat(String.join("\n", run.stdout())).contains("want hardware, and the ranks are simulated");
        }
    }

    @Test
    void aRankThatHangsEndsAtItsDeadlineAndNothingIsLeft() throws Exception {
        try (ProgramProcess run =
                validate(Map.of("NEURONTP_SIM_FAULT", "hang@all_gather:1"), "-n", "3", "--collectives", "all_gather")) {
            assertThat(run.exitCode(LIMIT)).isEqualTo(ExitCode.FAILED);
            assertThat(String.join("\n", run.stdout())).contains("the group was lost", " s are allowed");
        }
        report().get("ranks")
                .forEach(rank -> assertThat(
                                ProcessHandle.of(rank.get("pid").asLong()).filter(ProcessHandle::isAlive))
                        .isEmpty());
    }

    /** All ranks wait for each other; only what each has put on its device tells who has not come. */
    @Test
    void aRankThatNeverEntersACollectiveIsNamed() throws Exception {
        try (ProgramProcess run =
                validate(Map.of("NEURONTP_SIM_FAULT", "hang@enqueue:1#5"), "-n", "3", "--collectives", "all_gather")) {
            assertThat(run.exitCode(LIMIT)).isEqualTo(ExitCode.FAILED);
            assertThat(String.join(" ", run.stdout()).replaceAll("\\s+", " "))
                    .contains(
                            "rank 1 is behind: has entered 4 collectives of its group and finished 4; the furthest has"
                                    + " entered 5 collectives of its group and finished 4");
        }
    }

    /** A copy is between a rank and its own device: nobody else is waited for, and nobody else is named. */
    @Test
    void aDeviceThatDoesNotFinishACopyIsNamedAsItsRanksOwn() throws Exception {
        try (ProgramProcess run =
                validate(Map.of("NEURONTP_SIM_FAULT", "hang@copy:1"), "-n", "3", "--collectives", "broadcast")) {
            assertThat(run.exitCode(LIMIT)).isEqualTo(ExitCode.FAILED);
            String out = String.join(" ", run.stdout()).replaceAll("\\s+", " ");
            assertThat(out)
                    .contains("copy_d2d failed on rank 1", "this rank's own device did not finish")
                    .doesNotContain("waited for each other");
        }
        assertThat(StandIn.bad(report())).contains("copies/copy_d2d");
    }

    /** Each of them is there from the second reading on, the first of which is before the first case. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ecc@1=3#2           | FAIL | 3 more memory errors that ECC could not correct
            xid@1=79#2          | FAIL | Xid 79
            remap_pending@1#2   | FAIL | the GPU needs a reset
            clock@1=0x80#2      | WARN | slowed down: hardware power brake
            """)
    void aBurnInNamesTheGpuWhoseCountersChange(String state, String status, String words) throws Exception {
        try (ProgramProcess run = burnIn(Map.of("NEURONTP_SIM_NVML", state))) {
            assertThat(run.exitCode(LIMIT))
                    .as(run.stderr())
                    .isEqualTo(status.equals("FAIL") ? ExitCode.FAILED : ExitCode.OK);
        }
        assertThat(StandIn.bad(report())).containsExactly("counters/rank 1");
        report().get("cases").forEach(one -> {
            if (one.get("id").stringValue().equals("counters/rank 1")) {
                assertThat(one.get("reason").stringValue()).contains(words);
                assertThat(one.get("evidence").get(0).stringValue()).startsWith("rank 1 (");
            }
        });
    }

    private ProgramProcess burnIn(Map<String, String> more) throws Exception {
        return validate(more, "-n", "2", "--burn", "1s", "--collectives", "broadcast", "--op", "sum");
    }
}
