package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each fault of the stand-in under a whole pool: it ends inside its deadline, the report names rank and cause, and neither
 * a process nor a file is left.
 */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedSmokeFaultsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final String MARK = "NEURONTP_TEST_MARK";
    private static final String IN_PROCESS = "in-process";
    private static final String SPAWNED = "spawned";

    @TempDir
    Path folder;

    private record Result(int code, List<String> stdout, String stderr) {}

    /**
     * The folder's name is in the environment of every process of the run. The waits are short where something hangs, and
     * otherwise longer than any host needs: a slow one must not turn one failure into another.
     */
    private Map<String, String> environment(String fault) {
        boolean hangs = fault.contains("hang");
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.put(MARK, folder.toString());
        environment.put("TMPDIR", folder.toString());
        environment.put("NEURON_JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
        environment.put("NEURONTP_SIM_FAULT", fault);
        environment.put("NEURON_NCCL_INIT_TIMEOUT", hangs ? "4" : "60");
        environment.put("NEURON_NCCL_TIMEOUT", hangs ? "3" : "25");
        environment.put("NEURON_NCCL_ABORT_TIMEOUT", "1");
        return environment;
    }

    private ProgramProcess start(Map<String, String> environment, int worldSize, String rankZero, String... more)
            throws IOException {
        return ProgramProcess.neuron(
                environment,
                Stream.concat(Stream.of("--tp-smoke", "--tp-size=" + worldSize, "--rank0=" + rankZero), Stream.of(more))
                        .toArray(String[]::new));
    }

    private Result run(Map<String, String> environment, int worldSize, String rankZero, String... more)
            throws IOException, InterruptedException {
        try (ProgramProcess smoke = start(environment, worldSize, rankZero, more)) {
            return finish(smoke);
        }
    }

    private Result finish(ProgramProcess smoke) throws IOException, InterruptedException {
        List<String> stdout = smoke.rest(TIMEOUT);
        Result result = new Result(smoke.exitCode(TIMEOUT), stdout, smoke.stderr());
        assertThat(Processes.with(MARK + "=" + folder))
                .as("processes that are left")
                .isEmpty();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("files that are left").isEmpty();
        }
        return result;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hang@unique-id           | 2 | in-process | 0 | ncclGetUniqueId of NCCL 2.28.9 \\(SIMULATION\\) does not return
            hang@unique-id           | 2 | spawned    | 0 | ncclGetUniqueId of NCCL 2.28.9 \\(SIMULATION\\) does not return
            hang@init:1              | 2 | spawned    | 0 | the last step of rank 1 was waiting for all ranks to join [\\s\\S]*all ranks waited for each other
            die@init:0               | 3 | spawned    | 0 | init failed on rank 0 .* its process ended; its end: exit 137 \\(SIGKILL\\)
            oom@init:1               | 3 | in-process | 1 | init failed on rank 1 .*ncclUnhandledCudaError.*out of memory
            hang@collective:1        | 3 | spawned    | 0 | the last step of rank 1 was an all-reduce over all ranks [\\s\\S]*all ranks waited for each other
            'hang@collective:1,hang@abort' | 2 | in-process | 0 | the last step of rank 1 was an all-reduce.*ncclCommAbort does not return
            die@collective:1         | 2 | spawned    | 1 | check failed on rank 1 .* its process ended; its end: exit 137 \\(SIGKILL\\)
            skip@collective:2        | 3 | spawned    | 2 | check failed on rank 2 .*its contribution is missing
            corrupt@collective:1     | 2 | in-process | 1 | check failed on rank 1 .*it received wrong sums
            """)
    void itFailsWithRankAndCause(String fault, int worldSize, String rankZero, int rank, String words)
            throws IOException, InterruptedException {
        fails(fault, worldSize, rankZero, rank, words);
    }

    /** The same faults in other worlds, and their kin. */
    @Tag("soak")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            system@unique-id         | 3 | spawned    | 0 | ncclGetUniqueId failed: ncclSystemError .*no socket interface
            hang@init:1              | 3 | in-process | 0 | the last step of rank 1 was waiting for all ranks to join [\\s\\S]*all ranks waited for each other
            die@init:1               | 2 | in-process | 1 | init failed on rank 1 .* its process ended; its end: exit 137 \\(SIGKILL\\)
            oom@init:0               | 2 | in-process | 0 | init failed on rank 0 .*ncclUnhandledCudaError.*out of memory
            system@init:1            | 2 | spawned    | 1 | init failed on rank 1 .*ncclSystemError.*Too many open files
            internal@init:2          | 3 | spawned    | 2 | init failed on rank 2 .*ncclInternalError.*No transport
            cuda@collective:2        | 3 | in-process | 2 | check failed on rank 2 .*719
            hang@enqueue:1           | 3 | in-process | 0 | the last step of rank 1 was an all-reduce over all ranks [\\s\\S]*all ranks waited for each other
            'hang@init:1,hang@abort' | 3 | in-process | 0 | the last step of rank 1 was waiting for all ranks to join.*ncclCommAbort does not return
            skip@collective:0        | 2 | in-process | 0 | check failed on rank 0 .*its contribution is missing
            """)
    void theOtherFaultsFailWithRankAndCause(String fault, int worldSize, String rankZero, int rank, String words)
            throws IOException, InterruptedException {
        fails(fault, worldSize, rankZero, rank, words);
    }

    private void fails(String fault, int worldSize, String rankZero, int rank, String words)
            throws IOException, InterruptedException {
        Result result = run(environment(fault), worldSize, rankZero);

        assertThat(result.code()).as(result.stderr()).isEqualTo(1);
        assertThat(result.stdout()).endsWith("status=failed").contains("simulation=true");
        if (words.contains("waited for each other") || words.contains("ncclCommAbort")) {
            assertThat(result.stdout()).anyMatch(line -> line.matches("failed_rank=[0-2]"));
        } else {
            assertThat(result.stdout()).contains("failed_rank=" + rank);
        }
        assertThat(result.stderr()).containsPattern(words);
    }

    @ParameterizedTest
    @CsvSource({"delay@init:1, 2", "'hang@finalize,hang@abort', 3"})
    void whatNeedNotFailDoesNot(String fault, int worldSize) throws IOException, InterruptedException {
        doesNotFail(fault, worldSize);
    }

    @Tag("soak")
    @ParameterizedTest
    @CsvSource({"hang@finalize, 3", "hang@destroy:1, 2"})
    void norDoTheOthers(String fault, int worldSize) throws IOException, InterruptedException {
        doesNotFail(fault, worldSize);
    }

    private void doesNotFail(String fault, int worldSize) throws IOException, InterruptedException {
        Result result = run(environment(fault), worldSize, IN_PROCESS);

        assertThat(result.stdout()).as(result.stderr()).endsWith("status=ok").contains("observed_sum=" + worldSize);
        assertThat(result.code()).isZero();
    }

    /** What a rank itself says of them is in {@link SimulatedFaultsIT}. */
    @Tag("soak")
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NEURONTP_SIM_CU_INIT   | 803  |             | cuInit failed: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH .*reboot
            NEURONTP_SIM_CU_INIT   | hang |             | is stuck in a native call: initialising the CUDA driver
            NEURONTP_SIM_DEVICES   | 1    |             | init failed on rank 1 .*there is no CUDA device 1: the driver shows 1
            NEURONTP_SIM_DEAD_PEER | hang | die@init:1  | init failed on rank 1 .* its process ended; its end: exit 137 \\(SIGKILL\\)
            """)
    void aBrokenDriverIsNamed(String variable, String value, String fault, String words)
            throws IOException, InterruptedException {
        Map<String, String> environment = environment(fault == null ? "" : fault);
        environment.put(variable, value);
        environment.put("NEURON_NCCL_INIT_TIMEOUT", "4");

        Result result = run(environment, 2, SPAWNED);

        assertThat(result.code()).as(result.stderr()).isEqualTo(1);
        assertThat(result.stderr()).containsPattern(words);
    }

    @Test
    void twoRanksOnOneGpuAreNamed() throws IOException, InterruptedException {
        Result result = run(environment(""), 2, IN_PROCESS, "--cuda-devices=0,0");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.stderr()).contains("init failed on rank 1", "it has the GPU of rank 0: GPU-");
    }

    /** Where ranks may share a GPU nobody asks before the join, and NCCL says it. */
    @Test
    void twoRanksOnOneGpuAreRefusedByNccl() throws IOException, InterruptedException {
        Map<String, String> environment = environment("");
        environment.put("NEURON_TP_SHARED_GPU", "1");
        Result result = run(environment, 2, IN_PROCESS, "--cuda-devices=0,0");

        assertThat(result.code()).isEqualTo(1);
        // Each of the two names itself first, and whichever is heard first ends the group.
        assertThat(result.stderr())
                .contains("ncclInvalidUsage")
                .containsPattern("Duplicate GPU detected : rank (0 and rank 1|1 and rank 0)");
    }

    /** Nobody but the leader can say it: the others wait, and the one in question says nothing. */
    @Test
    void aRankThatIsStoppedIsTheOneThatIsNamed() throws IOException, InterruptedException {
        Map<String, String> environment = environment("delay@init:1");
        environment.put("NEURONTP_SIM_DELAY_MS", "60000");
        environment.put("NEURON_NCCL_INIT_TIMEOUT", "4");
        // Else it would already be missed when the ranks are asked for their GPUs.
        environment.put("NEURON_TP_SHARED_GPU", "1");
        try (ProgramProcess smoke = start(environment, 3, SPAWNED)) {
            String line = smoke.line(TIMEOUT);
            long pid = 0;
            while (!line.startsWith("rank_2_pong_ms=")) {
                pid = line.startsWith("rank_1_pid=") ? Long.parseLong(line.substring("rank_1_pid=".length())) : pid;
                line = smoke.line(TIMEOUT);
            }
            Signals.send("STOP", pid);

            Result result = finish(smoke);

            assertThat(result.stdout()).as(result.stderr()).contains("failed_rank=1", "status=failed");
            assertThat(result.stderr())
                    .containsPattern(
                            "init failed on rank 1 \\(pid " + pid + "\\) .*it is the one that the others waited for")
                    .containsPattern(
                            "and then init failed on (rank [02]|ranks 0 and 2)[ :].*waiting for all ranks to join");
        }
    }

    @Test
    void aWaitThatDoesNotEndBeforeTheLeadersIsRefused() throws IOException, InterruptedException {
        Map<String, String> environment = environment("");
        environment.put("NEURON_NCCL_INIT_TIMEOUT", "121");

        Result result = run(environment, 2, IN_PROCESS);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.stderr()).contains("NEURON_NCCL_INIT_TIMEOUT is 121 s, and the leader waits 120 s");
    }
}
