package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.ops.CommandResult;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to {@code tpctl up} in the foreground, its end by SIGKILL, and Ctrl-C at a ping. */
@Tag("long")
class UpSignalsIT {
    private static final String CTRL_C = "\u0003";

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    @Test
    void ctrlCInATerminalTakesAllDownInOrder() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up =
                site.inATerminal("up", "--communicator", "loopback").awaiting(LiveDaemonFixture.UP);
        up.type(CTRL_C);
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        assertThat(ran.out()).contains("Shutting the pool down", "is gone.", "The pool and its daemon are gone");
        site.awaitNothingLeft();
    }

    @Test
    void aSecondCtrlCDoesNotWaitForARankThatDoesNotObey() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up =
                site.inATerminal("up", "--communicator", "loopback").awaiting(LiveDaemonFixture.UP);
        long stuck = site.pid(1);
        Signals.send("STOP", stuck);
        up.type(CTRL_C);
        up.awaiting("Shutting the pool down");
        long asked = System.nanoTime();
        up.type(CTRL_C);
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        // In order it takes over 9 s: bye 5 s, SIGTERM 4 s.
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(8));
        Signals.send("CONT", stuck);
        assertThat(ran.out()).contains("At once.");
    }

    /** Java looks at /proc before it signals: without a descriptor it signals nobody. */
    @Tag("long")
    @Test
    void aSignalTakesAllDownAlsoWhereTpctlMayOpenNoFileAnyMore() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        assumeTrue(
                Programs.runs(List.of("prlimit", "--pid=" + up.process().pid(), "--nofile=3:")),
                "SKIPPED: there is no prlimit");
        Signals.send("TERM", up.process().pid());
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(143);
        site.awaitNothingLeft();
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void aSignalToTpctlAloneTakesAllDown(String signal, int code) throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        Signals.send(signal, up.process().pid());
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(code);
        site.awaitNothingLeft();
    }

    @Test
    void tpctlKilledTakesTheDaemonWithIt() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        up.process().destroyForcibly();
        up.end();
        site.awaitNothingLeft();
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"--timeout=60s", "--detach"})
    void tpctlKilledWhileItsDaemonStartsLeavesNoDaemon(String how) throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.start("up", "--communicator", "loopback", how);
        await().pollInterval(Duration.ofMillis(1)).until(() -> site.processes().size() > 1);
        assertThat(site.daemons()).as("it does not listen yet").isEmpty();
        up.process().destroyForcibly();
        up.end();
        await().atMost(Duration.ofSeconds(30)).until(() -> site.processes().isEmpty());
        assertThat(site.daemons()).isEmpty();
    }

    /** A stopped daemon, or one that waits in the kernel, takes no SIGTERM: nobody waits for it for ever. */
    @Tag("long")
    @Test
    void aSecondSignalEndsADaemonThatStandsStill() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up =
                site.inATerminal("up", "--communicator", "loopback").awaiting(LiveDaemonFixture.UP);
        Signals.send("STOP", site.daemons().getFirst());
        up.type(CTRL_C);
        up.awaiting("Shutting the pool down");
        up.type(CTRL_C);
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        assertThat(ran.out()).contains("The daemon stood still and was ended with SIGKILL");
        await().atMost(Duration.ofSeconds(30)).until(() -> site.processes().isEmpty());
    }

    @Test
    void aSignalThatComesTwiceAtOnceIsOneStop() throws IOException, InterruptedException {
        LiveDaemonFixture.Live up = site.upInForeground();
        String twice = "i=0; while [ $i -lt 50 ]; do kill -TERM $0; i=$((i + 1)); done";
        new ProcessBuilder("sh", "-c", twice, Long.toString(up.process().pid()))
                .start()
                .waitFor();
        CommandResult ran = up.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(143);
        assertThat(ran.err()).contains("The pool and its daemon are gone").doesNotContain("At once.");
        site.awaitNothingLeft();
    }

    @Tag("long")
    @Test
    void pingEndsWithItsSumsAtCtrlC() throws IOException, InterruptedException {
        site.up();
        LiveDaemonFixture.Live ping =
                site.inATerminal("ping", "--count", "0", "--interval", "20ms").awaiting("round 3");
        ping.type(CTRL_C);
        CommandResult ran = ping.end();
        assertThat(ran.code()).as(ran.all()).isEqualTo(130);
        assertThat(ran.out()).contains("0.000% loss", "min/avg/p99/max");
    }
}
