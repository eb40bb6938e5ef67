package dev.neurontp.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.TpctlProcess;
import dev.neurontp.ops.console.ExitCode;
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
        try (TpctlProcess demo = TpctlProcess.tpctl("demo")) {
            assertThat(demo.exitCode()).as(demo.err()).isEqualTo(ExitCode.OK);
            String out = demo.out();

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
        try (TpctlProcess demo = TpctlProcess.start("tpctl", fault, "demo")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.FAILED);
            String out = demo.out();

            assertThat(out).contains("✗ init");
            assertThat(demo.err()).contains("tpctl demo: init failed on rank 2").doesNotContain("\tat ");
            assertThat(pids(out)).hasSize(2).noneMatch(DemoIT::isAlive);
        }
    }

    @Test
    void ctrlCDuringAHangingInitEndsEveryWorker() throws Exception {
        Map<String, String> fault = Map.of("NEURON_LOOPBACK_FAULT", "rank=2,at=init,do=hang");
        try (TpctlProcess demo = TpctlProcess.start("tpctl", fault, "demo")) {
            List<Long> workers = pids(demo.awaitLine("spawn"));
            demo.awaitLine("ping");
            demo.interrupt();

            assertThat(demo.exitCode()).isEqualTo(130);
            assertThat(demo.out()).contains("interrupted").doesNotContain("✗");
            assertThat(workers).hasSize(2);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(workers).noneMatch(DemoIT::isAlive));
        }
    }

    @Test
    void aSizeThatIsNoPoolIsRefusedWithTheRule() throws Exception {
        try (TpctlProcess demo = TpctlProcess.tpctl("demo", "--size", "1")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.err()).contains("--size is 1", "at least 2", "tpctl demo --help");
        }
        try (TpctlProcess demo = TpctlProcess.tpctl("demo", "--size", "2000000000")) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.err()).contains("--size is 2000000000", "at most 64");
            assertThat(demo.out()).isEmpty();
        }
    }

    @Test
    void whatAFullDiskDoesNotTakeIsNoSuccessAndAReaderThatHasSeenEnoughIsNoFailure() throws Exception {
        try (TpctlProcess full = TpctlProcess.shell("exec \"$0\" demo --size 2 >/dev/full")) {
            assertThat(full.exitCode()).as(full.err()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(full.err())
                    .contains("tpctl: not all output could be written to stdout: No space left on device");
        }
        try (TpctlProcess early = TpctlProcess.shell("{ \"$0\" completion; echo \"exit $?\" >&2; } | head -n 1")) {
            assertThat(early.exitCode()).isEqualTo(0);
            assertThat(early.err()).isEqualToIgnoringNewLines("exit 0");
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
}
