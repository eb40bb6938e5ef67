package dev.neurontp.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DemoIT {
    private static final Pattern WORKER_PID = Pattern.compile("rank \\d+ is pid (\\d+)");

    @Test
    void theDemoShowsAPoolsWholeLifeAndLeavesNothing() throws Exception {
        try (ProgramProcess demo = ProgramProcess.tpctl("demo")) {
            assertThat(demo.exitCode()).as(demo.stderr()).isEqualTo(ExitCode.OK);
            String out = String.join("\n", demo.stdout());

            assertThat(out)
                    .containsSubsequence("spawn", "ping", "init", "sanity", "shutdown", "Done in")
                    .contains("rank 0 is tpctl itself (pid " + demo.pid() + ")", "3 of 3 ranks", ": 3, 3, 3")
                    .contains("rank 1: bye, exit 0", "rank 2: bye, exit 0")
                    .doesNotContain("\u001b");
            assertThat(pids(out)).hasSize(2).noneMatch(DemoIT::isAlive);
        }
    }

    @Test
    void aWorkerThatDiesInInitIsNamedWithItsCauseAndNothingIsLeft() throws Exception {
        Map<String, String> fault = Map.of("NEURON_LOOPBACK_FAULT", "rank=2,at=init,do=die");
        try (ProgramProcess demo = ProgramProcess.tpctl(fault, "demo")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.FAILED);
            String out = String.join("\n", demo.stdout());

            assertThat(out).contains("✗ init");
            assertThat(demo.stderr())
                    .contains("tpctl demo: init failed on rank 2")
                    .doesNotContain("\tat ");
            assertThat(pids(out)).hasSize(2).noneMatch(DemoIT::isAlive);
        }
    }

    @Test
    void ctrlCDuringAHangingInitEndsEveryWorker() throws Exception {
        Map<String, String> fault = Map.of("NEURON_LOOPBACK_FAULT", "rank=2,at=init,do=hang");
        try (ProgramProcess demo = ProgramProcess.tpctl(fault, "demo")) {
            List<Long> workers = pids(demo.awaitLine("spawn"));
            demo.awaitLine("ping");
            demo.signal("INT");

            assertThat(demo.exitCode()).isEqualTo(130);
            assertThat(String.join("\n", demo.stdout())).contains("interrupted").doesNotContain("✗");
            assertThat(workers).hasSize(2);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(workers).noneMatch(DemoIT::isAlive));
        }
    }

    @Test
    void aSizeThatIsNoPoolIsRefusedWithTheRule() throws Exception {
        try (ProgramProcess demo = ProgramProcess.tpctl("demo", "--size", "0")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.stderr()).contains("--size is 0", "at least 1", "tpctl demo --help");
        }
        try (ProgramProcess demo = ProgramProcess.tpctl("demo", "--size", "2000000000")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.stderr()).contains("--size is 2000000000", "at most 64");
            assertThat(demo.stdout()).isEmpty();
        }
    }

    @Test
    void whatAFullDiskDoesNotTakeIsNoSuccessAndAReaderThatHasSeenEnoughIsNoFailure() throws Exception {
        try (ProgramProcess full = shell("exec \"$0\" demo --size 2 >/dev/full")) {
            assertThat(full.exitCode()).as(full.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(full.stderr())
                    .contains("tpctl: not all output could be written to stdout: No space left on device");
        }
        try (ProgramProcess early = shell("{ \"$0\" completion; echo \"exit $?\" >&2; } | head -n 1")) {
            assertThat(early.exitCode()).isEqualTo(0);
            assertThat(early.stderr()).isEqualToIgnoringNewLines("exit 0");
        }
    }

    private static List<Long> pids(String text) {
        return WORKER_PID.matcher(text).results().map(DemoIT::pid).toList();
    }

    private static long pid(MatchResult match) {
        return Long.parseLong(match.group(1));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    /** Runs a shell script, whose {@code $0} is {@code bin/tpctl}. */
    private static ProgramProcess shell(String script) {
        return ProgramProcess.command(Map.of(), List.of("sh", "-c", script, Programs.tpctl()))
                .closeStdin();
    }
}
