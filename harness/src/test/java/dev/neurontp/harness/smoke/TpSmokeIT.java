package dev.neurontp.harness.smoke;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code neuron --tp-smoke} as a script would call it. */
class TpSmokeIT {
    @TempDir
    private Path folder;

    @Test
    void itReportsEveryStepAsKeyAndValue() throws Exception {
        Map<String, String> values =
                smoke(0, "--tp-size", "3", "--cuda-devices", "4,5,6", "--communicator", "loopback");

        assertThat(values)
                .containsEntry("world_size", "3")
                .containsEntry("communicator", "loopback")
                .containsEntry("observed_sum", "3")
                .containsEntry("rank_1_end", "bye, exit 0")
                .containsEntry("rank_2_end", "bye, exit 0")
                .containsEntry("status", "ok")
                .containsKeys(
                        "spawn_ms", "rank_2_pid", "ping_ms", "rank_1_pong_ms", "init_ms", "sanity_ms", "shutdown_ms");
    }

    @Test
    void rankZeroMayBeSpawnedLikeTheOthers() throws Exception {
        Map<String, String> values = smoke(0, "--tp-size", "2", "--communicator", "loopback", "--rank0", "spawned");

        assertThat(values)
                .containsKey("rank_0_pid")
                .containsEntry("rank_0_end", "bye, exit 0")
                .containsEntry("status", "ok");
    }

    @Test
    void aReportThatADiskDoesNotTakeIsNoSuccess() throws Exception {
        int exitCode = exitCode(new File("/dev/full"), "--tp-smoke", "--tp-size", "2", "--communicator", "loopback");

        assertThat(exitCode).as(stderr()).isEqualTo(3);
        assertThat(stderr()).contains("neuron: not all output could be written to stdout: No space left on device");
    }

    @Test
    void withoutNcclItFailsAtInitAndSaysWhatIsMissing() throws Exception {
        Map<String, String> values = smoke(1, "--tp-size", "2", "--communicator", "nccl");

        assertThat(values)
                .containsEntry("failed_step", "init")
                .containsEntry("error_kind", "cuda_feature_not_enabled")
                .containsEntry("status", "failed");
        assertThat(stderr()).contains("libnccl.so.2").doesNotContain("\tat ");
    }

    /** At any moment of it; here while its ranks are being started, which takes the most of the time. */
    @Test
    void aCheckThatIsEndedIsNotOk() throws Exception {
        Path out = folder.resolve("ended");
        Process check = new ProcessBuilder(
                        Programs.neuron(),
                        "--tp-smoke",
                        "--tp-size",
                        "8",
                        "--communicator",
                        "loopback",
                        "--rank0",
                        "spawned")
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        await().until(() -> check.descendants().findAny().isPresent());
        check.destroy();
        List<ProcessHandle> ranks = check.descendants().toList();
        assertThat(check.waitFor()).isEqualTo(143);
        assertThat(ranks).noneMatch(ProcessHandle::isAlive);
        assertThat(Files.readString(out, UTF_8)).doesNotContain("status=ok").endsWith("status=failed\n");
        assertThat(stderr()).doesNotContain("\tat ");
    }

    @Test
    void wrongArgumentsAreRefusedWithTheRuleAndNothingOnStdout() throws Exception {
        assertThat(smoke(2)).isEmpty();
        assertThat(stderr()).contains("--tp-size N");

        assertThat(smoke(2, "--tp-size", "2", "--communicator", "mpi")).isEmpty();
        assertThat(stderr()).contains("'mpi'", "nccl or loopback");

        assertThat(smoke(2, "--tp-size", "3", "--cuda-devices", "0,1", "--communicator", "loopback"))
                .isEmpty();
        assertThat(stderr()).contains("3", "2");

        assertThat(smoke(2, "--tp-size", "2000000000", "--communicator", "loopback"))
                .isEmpty();
        assertThat(stderr()).contains("2000000000", "at most 1024");
    }

    private Map<String, String> smoke(int exitCode, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--tp-smoke"));
        all.addAll(Arrays.asList(arguments));
        return run(exitCode, all.toArray(String[]::new));
    }

    private Map<String, String> run(int exitCode, String... arguments) throws IOException, InterruptedException {
        File out = folder.resolve("out").toFile();
        assertThat(exitCode(out, arguments)).as(stderr()).isEqualTo(exitCode);
        return Files.readString(out.toPath(), UTF_8)
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    private int exitCode(File out, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Programs.neuron());
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out)
                .redirectError(folder.resolve("err").toFile())
                .start()
                .waitFor();
    }

    private String stderr() throws IOException {
        return Files.readString(folder.resolve("err"), UTF_8);
    }
}
