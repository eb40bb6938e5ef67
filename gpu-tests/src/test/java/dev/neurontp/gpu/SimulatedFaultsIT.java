package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault of the stand-in ends inside its deadline, with words that name rank and cause, and leaves no process. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedFaultsIT {
    private static final Duration EXIT = Duration.ofSeconds(10);
    private static final String INIT_OK = "{\"op\":\"init_ok\"}";

    private static NcclGroup.Builder plan(String fault) {
        return NcclGroup.of(Simulation.HOST, 2)
                .with("NEURONTP_SIM_FAULT", fault)
                .with("NEURON_NCCL_ABORT_TIMEOUT", "1")
                .initTimeout(4)
                .timeout(2);
    }

    private static void assertEnds(NcclGroup group) throws IOException, InterruptedException {
        assertThat(group.ping()).allMatch(reply -> reply.startsWith("{\"op\":\"pong\""));
        assertThat(group.end(EXIT)).containsOnly(0);
    }

    @Test
    void aRankThatHangsInInitIsEndedByTheDeadlineOfAll() throws IOException, InterruptedException {
        try (NcclGroup group = plan("hang@init:1").start()) {
            List<String> replies = group.init();

            assertThat(replies.get(0))
                    .contains(
                            "timed out waiting for the other ranks, 4.0 s are allowed: the last step of rank 0 was waiting for all");
            assertThat(replies.get(1))
                    .contains(
                            "timed out waiting for the other ranks, 4.0 s are allowed: the last step of rank 1 was waiting for all");
            assertThat(replies).allSatisfy(reply -> assertThat(reply).contains("SIMULATION", "nccl_init_failed"));
            assertEnds(group);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hang"})
    void aRankThatDiesInInitIsMissedByTheOther(String silence) throws IOException, InterruptedException {
        try (NcclGroup group =
                plan("die@init:1").with("NEURONTP_SIM_DEAD_PEER", silence).start()) {
            group.beginInit();

            assertThat(group.rank(1).exitCode(EXIT)).isEqualTo(137);
            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).contains("nccl_init_failed", "rank 0 of 2", "failed: ");
            group.rank(0).closeStdin();
            assertThat(group.rank(0).exitCode(EXIT)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "oom@init:1, ncclUnhandledCudaError, out of memory",
        "system@init:1, ncclSystemError, simulation",
        "internal@init:1, ncclInternalError, simulation"
    })
    void aRankThatFailsInInitSaysWhy(String fault, String result, String words)
            throws IOException, InterruptedException {
        try (NcclGroup group = plan(fault).start()) {
            group.beginInit();

            assertThat(group.rank(1).line(NcclGroup.TIMEOUT))
                    .contains(
                            "nccl_init_failed",
                            result,
                            words,
                            "rank 1 of 2 on CUDA device 1",
                            "NCCL 2.28.9 (SIMULATION)",
                            "CUDA 12.8 (SIMULATION)");
            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).contains("nccl_init_failed", "rank 0 of 2");
            assertEnds(group);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang@collective:1", "hang@enqueue:1", "hang@collective:1,hang@abort"})
    void aHangingCollectiveIsEndedByTheDeadlineOfAll(String fault) throws IOException, InterruptedException {
        try (NcclGroup group = plan(fault).start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            long start = System.nanoTime();
            List<String> replies = group.sanity();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
            assertThat(replies.get(0)).contains("nccl_sanity_failed", "rank 0", "ncclAllReduce");
            assertThat(replies.get(1)).contains("nccl_sanity_failed", "rank 1", "ncclAllReduce");
            if (fault.contains("abort")) {
                assertThat(replies).allMatch(reply -> reply.contains("ncclCommAbort does not return"));
            }
            assertEnds(group);
        }
    }

    @Test
    void aRankThatDiesInACollectiveFailsTheOther() throws IOException, InterruptedException {
        try (NcclGroup group = plan("die@collective:1").start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            group.beginSanity();

            assertThat(group.rank(0).line(NcclGroup.TIMEOUT))
                    .contains("nccl_sanity_failed", "ncclRemoteError", "rank 0 of 2");
            group.rank(0).closeStdin();
            assertThat(group.rank(0).exitCode(EXIT)).isZero();
        }
    }

    @Test
    void aKernelThatFailsSaysWhichRankAndWhy() throws IOException, InterruptedException {
        try (NcclGroup group = plan("cuda@collective:1").start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            group.beginSanity();

            assertThat(group.rank(1).line(NcclGroup.TIMEOUT)).contains("nccl_sanity_failed", "rank 1 of 2");
            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).contains("nccl_sanity_failed", "rank 0 of 2");
            assertEnds(group);
        }
    }

    @Test
    void aMissingContributionIsSeenInTheBitsOfAll() throws IOException, InterruptedException {
        try (NcclGroup group = plan("skip@collective:1").start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);

            assertThat(group.check())
                    .containsOnly("{\"op\":\"x_nccl_check_result\",\"sum_of_ones\":1,\"sum_of_ranks\":1,"
                            + "\"rank_bits\":\"00000001\"}");
            assertEnds(group);
        }
    }

    @Test
    void aCorruptedResultIsSeenByThatRankAlone() throws IOException, InterruptedException {
        try (NcclGroup group = plan("corrupt@collective:1").start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);

            assertThat(group.sanity())
                    .containsExactly(
                            "{\"op\":\"nccl_sanity_result\",\"observed_sum\":2}",
                            "{\"op\":\"nccl_sanity_result\",\"observed_sum\":3}");
            assertEnds(group);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang@finalize", "hang@destroy"})
    void aGroupThatCannotBeLeftDoesNotKeepTheProcess(String fault) throws IOException, InterruptedException {
        try (NcclGroup group = plan(fault).start()) {
            assertThat(group.init()).containsExactly(INIT_OK, INIT_OK);
            group.rank(0).send("{\"op\":\"shutdown\"}");

            assertThat(group.rank(0).line(NcclGroup.TIMEOUT)).isEqualTo("{\"op\":\"bye\"}");
            assertThat(group.rank(0).exitCode(EXIT)).isZero();
            assertThat(group.end(EXIT)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang@init:1", "hang@init:1,hang@abort"})
    void endOfInputEndsARankInsideOfAHangingInit(String fault) throws IOException, InterruptedException {
        try (NcclGroup group = plan(fault).initTimeout(60).start()) {
            group.ping();
            group.beginInit();

            assertThat(group.end(EXIT)).containsExactly(0, 0);
        }
    }

    @Test
    void aDriverThatDoesNotMatchIsNamed() throws IOException, InterruptedException {
        try (NcclGroup group = plan("").with("NEURONTP_SIM_CU_INIT", "803").start()) {
            assertThat(group.init())
                    .allSatisfy(reply -> assertThat(reply)
                            .contains(
                                    "nccl_init_failed", "cuInit failed: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "reboot"));
            assertEnds(group);
        }
    }

    @Test
    void aDriverThatHangsIsEndedByTheDeadline() throws IOException, InterruptedException {
        try (NcclGroup group =
                plan("").with("NEURONTP_SIM_CU_INIT", "hang").initTimeout(1).start()) {
            assertThat(group.init())
                    .allSatisfy(reply -> assertThat(reply)
                            .contains("nccl_init_failed", "is stuck in a native call: initialising the CUDA driver"));
            assertEnds(group);
        }
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() throws IOException, InterruptedException {
        try (NcclGroup group = plan("").with("NEURONTP_SIM_DEVICES", "1").start()) {
            group.beginInit();

            assertThat(group.rank(1).line(NcclGroup.TIMEOUT))
                    .contains("nccl_init_failed", "there is no CUDA device 1: the driver shows 1 device, number 0");
        }
    }

    @Test
    void anIdThatIsNeverCreatedTimesOut() throws IOException, InterruptedException {
        NcclHost host = Simulation.HOST;
        Map<String, String> environment = new HashMap<>(host.environment());
        environment.put("NEURONTP_SIM_FAULT", "hang@unique-id");
        environment.put("NEURON_NCCL_TIMEOUT", "1");
        try (ProgramProcess creator = ProgramProcess.neuron(environment, "--comm-id")) {
            assertThat(creator.exitCode(EXIT)).isEqualTo(3);
            assertThat(creator.stderr()).contains("ncclGetUniqueId of NCCL 2.28.9 (SIMULATION) does not return");
        }
    }
}
