package dev.neurontp.harness.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.agent.record.AgentRecordFilter;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.MemoryGroup;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program {@code neuron --agent} with real workers, kind ones and others. */
@Tag("long")
class AgentIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    /** Longer than any test takes: a lease that is not to end. */
    private static final String LONG = "10m";

    private static final String MARK = "AGENT_TEST_MARK";

    private final String mark = UUID.randomUUID().toString();
    private ProgramProcess agent;

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        if (agent != null) {
            agent.close();
        }
        running().forEach(Processes.Running::kill);
    }

    @Test
    void aWorkerIsAskedThroughItsAgentAndEndsByItself() {
        start(LONG, Programs.neuron(), "--worker", "--rank=1", "--tp-size=2");
        assertThat(agent.send("", "").ask("{\"op\":\"ping\"}")).contains("\"rank\":1");
        assertThat(agent.ask("{\"op\":\"shutdown\"}")).contains("bye");
        assertThat(agent.exitCode()).isZero();
        assertThat(end().reason()).isEmpty();
        assertThat(end().exit()).isZero();
        assertThat(agent.stdout()).hasSize(2);
    }

    @Test
    void itSaysWhoTheWorkerIsAndThatItLives() {
        start("1s", "cat");
        awaitRecord(AgentRecord.Beat.class);
        AgentRecord.Hello hello = hello();
        assertThat(ProcessIdentity.ofThisBoot(hello.pid(), hello.startTicks()).alive())
                .isTrue();
        assertThat(hello.agentPid()).isEqualTo(agent.pid());
        assertThat(records(AgentRecord.Beat.class).getFirst().rssBytes()).isPositive();
    }

    @Test
    void aWorkerThatIgnoresTheEndOfStdinIsKilledWithItsChildren() {
        start(LONG, "sh", "-c", "trap '' TERM INT HUP; while :; do sleep 613; done");
        hello();
        agent.closeStdin();
        assertThat(agent.exitCode()).isEqualTo(137);
        assertThat(end().reason()).isEqualTo("stdin ended");
        assertThat(end().leftBehind()).anyMatch(name -> name.startsWith("sleep (pid "));
        assertNothingRuns();
    }

    @Test
    void aWorkerThatStandsStillIsKilledAtTheEndOfStdin() {
        start(LONG, Programs.neuron(), "--worker");
        agent.ask("{\"op\":\"ping\"}");
        Signals.send("STOP", hello().pid());
        agent.closeStdin();
        assertThat(agent.exitCode()).isEqualTo(137);
        assertNothingRuns();
    }

    @Test
    void aSigkillOfTheAgentEndsAWorkerThatStandsStillAndItsChildren() {
        start("1s", "sh", "-c", "sleep 614 & setsid sleep 615 & exec cat");
        keepAlive(() -> awaitRecord(AgentRecord.Beat.class));
        Signals.send("STOP", hello().pid());
        agent.signal("KILL");
        assertNothingRuns();
    }

    /** However early: before the agent has said a word, and long before the first sign of life. */
    @Test
    void aSigkillOfTheAgentAtOnceEndsTheWorkerToo() {
        start(LONG, "sh", "-c", "trap '' TERM; kill -KILL $PPID; setsid sleep 616 & sleep 617");
        assertThat(agent.exitCode()).isEqualTo(137);
        assertNothingRuns();
    }

    @Test
    void theLeaseEndsAWorkerThatIsBusy() {
        start("1s", "sh", "-c", "read line; sleep 616");
        agent.send("{\"op\":\"init\"}");
        assertThat(agent.exitCode()).isEqualTo(137);
        assertThat(end().reason()).isEqualTo("nothing was heard on stdin for 1 s");
        assertNothingRuns();
    }

    @Test
    void emptyLinesRenewTheLease() {
        start("1s", Programs.neuron(), "--worker");
        keepAlive(() -> await().atMost(LIMIT)
                .until(() -> records(AgentRecord.Beat.class).size() > 10));
        assertThat(agent.ask("{\"op\":\"ping\"}")).contains("pong");
        assertThat(records(AgentRecord.End.class)).isEmpty();
    }

    /** As on a host that is paused, alone or with its leader's. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void timeInWhichTheAgentStoodStillIsNotTheLeadersSilence(boolean leaderToo) {
        Duration lease = Duration.ofSeconds(4);
        start("4s", "sh", "-c", "while read -r line; do [ -z \"$line\" ] || echo \"$line\"; done");
        keepAlive(() -> {
            awaitRecord(AgentRecord.Beat.class);
            if (!leaderToo) {
                standStill(lease.plusSeconds(1));
            }
        });
        if (leaderToo) {
            standStill(lease.plusSeconds(1));
        }
        assertThat(agent.ask("still here")).isEqualTo("still here");
    }

    /** Too short to be noticed. The leader was not silent meanwhile: what it said is there, and not read yet. Which thread is first cannot be held. */
    @Test
    void whatWaitsToBeReadRenewsTheLease() {
        start("1s", "cat");
        keepAlive(() -> {
            awaitRecord(AgentRecord.Beat.class);
            for (int round = 0; round < 8; round++) {
                standStill(Duration.ofMillis(1200));
            }
        });
    }

    /** Stops the agent for so long, and waits until it has looked at its lease again. */
    private void standStill(Duration time) {
        Signals.send("STOP", agent.pid());
        int before = records(AgentRecord.Beat.class).size();
        await().pollDelay(time).until(() -> true);
        agent.signal("CONT");
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> records(AgentRecord.Beat.class).size() > before
                        || !records(AgentRecord.End.class).isEmpty());
        assertThat(records(AgentRecord.End.class)).isEmpty();
    }

    @Test
    void whatTheWorkerLeavesBehindIsEndedAndNamed() {
        start(LONG, "sh", "-c", "(setsid sleep 617 & sleep 618 &) ; read line");
        hello();
        agent.send("go");
        assertThat(agent.exitCode()).isZero();
        assertThat(end().leftBehind()).hasSize(2).allMatch(name -> name.startsWith("sleep (pid "));
        assertThat(end().stillRunning()).isEmpty();
        assertNothingRuns();
    }

    /** In a session of its own, without a parent and with a cleared environment: the stdin that it inherited is the last trace of it. */
    @Test
    void whatKeepsTheWorkersStdinOpenIsEndedAndNamed() {
        start(LONG, "sh", "-c", "( setsid env -i /bin/sleep 621 <&3 3<&- & ) 3<&0; read line");
        hello();
        agent.send("go");
        assertThat(agent.exitCode()).isZero();
        assertThat(end().leftBehind()).singleElement().asString().startsWith("sleep (pid ");
        assertThat(end().stillRunning()).isEmpty();
    }

    @Test
    void aSignalToTheAgentEndsTheWorker() {
        for (Map.Entry<String, Integer> signal : Map.of("TERM", 143, "HUP", 129).entrySet()) {
            start(LONG, Programs.neuron(), "--worker");
            agent.ask("{\"op\":\"ping\"}");
            agent.signal(signal.getKey());
            assertThat(agent.exitCode()).as(signal.getKey()).isEqualTo(signal.getValue());
            assertThat(end().exit()).isZero();
            assertThat(end().reason()).isEqualTo("a signal");
            assertNothingRuns();
            agent.close();
            agent = null;
        }
    }

    /** Within the millisecond in which the agent learns what it has started: tried often, since the moment cannot be held. */
    @Test
    void aSignalAtTheMomentOfTheStartDoesNotHideTheWorker() {
        for (int round = 0; round < 12; round++) {
            start(LONG, "sleep", "621");
            ProcessHandle process = ProcessHandle.of(agent.pid()).orElseThrow();
            while (!isBeingStarted("sleep\000621")) {
                assertThat(process.isAlive()).as(agent.stderr()).isTrue();
            }
            // Not by another process, which takes too long to start.
            process.destroy();
            assertThat(agent.exitCode()).as(agent.stderr()).isEqualTo(143);
            assertThat(end().reason()).isEqualTo("a signal");
            assertNothingRuns();
            agent.close();
            agent = null;
        }
    }

    /** Whether a child of the agent has that command line. */
    private boolean isBeingStarted(String commandLine) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(agent.pid()), "task"))) {
            return threads.flatMap(
                            thread -> Stream.of(text(thread.resolve("children")).split(" ")))
                    .anyMatch(pid -> text(Path.of("/proc", pid, "cmdline")).startsWith(commandLine));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return ""; // it has ended meanwhile
        }
    }

    @Test
    void theExitCodeIsTheWorkers() {
        assertThat(exitCode("sh", "-c", "exit 7")).isEqualTo(7);
        assertThat(exitCode("sh", "-c", "kill -KILL $$")).isEqualTo(137);
        assertThat(end().oomKill()).isFalse();
        assertThat(exitCode("sh", "-c", "kill -TERM $$")).isEqualTo(143);
    }

    /** At once, long before the agent's first sign of life. */
    @Test
    void aKillForLackOfMemoryIsToldAsThat() throws IOException {
        try (MemoryGroup group = MemoryGroup.create(400L << 20)) {
            agent = ProgramProcess.command(
                    Map.of(MARK, mark),
                    List.of(
                            "sh",
                            "-c",
                            "echo $$ >\"$0\"; exec \"$@\"",
                            group.members().toString(),
                            Programs.neuron(),
                            "--agent",
                            "--lease",
                            LONG,
                            "--",
                            "sh",
                            "-c",
                            MemoryGroup.EATER));
            agent.send("");
            assertThat(agent.exitCode()).isEqualTo(137);
            assertThat(end().oomKill()).isTrue();
        }
    }

    @Test
    void aWrongUseIsToldAndStartsNothing() {
        assertThat(exitCode(folder.resolve("no such program").toString())).isEqualTo(3);
        assertThat(agent.stderr()).contains("does not exist");
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("--"),
                List.of("--lease", "0s", "--", "true"),
                List.of("--lease"),
                List.of("--worker", "--", "true"))) {
            agent.close();
            agent = ProgramProcess.neuron(Programs.concat(List.of("--agent"), wrong.toArray(String[]::new))
                    .toArray(String[]::new));
            assertThat(agent.exitCode()).as("%s", wrong).isEqualTo(2);
            assertThat(agent.stderr()).startsWith("neuron: ");
        }
    }

    @Test
    void nothingIsStartedBeforeTheToken() throws IOException {
        Path started = folder.resolve("started");
        startWithToken("sh", "-c", "touch " + started + "; exec cat");
        awaitRecord(AgentRecord.Ready.class);
        AgentRecord.Ready ready = records(AgentRecord.Ready.class).getFirst();
        assertThat(ready.bootId()).isEqualTo(ProcessIdentity.thisBoot());
        assertThat(ready.host())
                .isEqualTo(
                        Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        assertThat(started).doesNotExist();
        assertThat(agent.send(TOKEN).ask("the first line")).isEqualTo("the first line");
        assertThat(hello().token()).isEqualTo(TOKEN);
        assertThat(started).exists();
        agent.closeStdin();
        assertThat(agent.exitCode()).isZero();
        assertThat(end().token()).isEqualTo(TOKEN);
    }

    @Test
    void theTokenIsInNoArgumentAndNoEnvironment() throws IOException {
        startWithToken("sh", "-c", "cat /proc/$PPID/cmdline /proc/$PPID/environ /proc/$$/environ; echo; exec cat");
        agent.send(TOKEN);
        agent.closeStdin();
        assertThat(String.join("\n", agent.stdout())).contains("--token-stdin").doesNotContain(TOKEN);
    }

    @Test
    void aFirstLineThatIsNoTokenStartsNothing() {
        startWithToken("cat");
        agent.send("{\"op\":\"ping\"}");
        assertThat(agent.exitCode()).isEqualTo(2);
        assertThat(agent.stderr()).contains("start file of the shell").doesNotContain("hello");
        agent.close();
        startWithToken("cat");
        agent.closeStdin();
        assertThat(agent.exitCode()).isEqualTo(2);
        assertThat(agent.stderr()).contains("nothing was started");
    }

    @Test
    void aLeaderThatNeverSendsTheTokenIsGivenUp() {
        agent = ProgramProcess.neuron("--agent", "--lease=1s", "--token-stdin", "--", "cat");
        assertThat(agent.exitCode()).isEqualTo(2);
        assertThat(agent.stderr()).contains("nothing was started");
    }

    @Test
    void anEndOfStdinIsSeenBehindBytesThatTheWorkerDoesNotTake() {
        start(LONG, "sleep", "619");
        hello();
        // More than the pipes and the agent hold: the last of it waits in the pipe of this test.
        agent.sendBytes(new byte[64 * 1024 * 2 + 30_000]);
        agent.closeStdin();
        assertThat(agent.exitCode()).isEqualTo(137);
        assertNothingRuns();
    }

    @Test
    void aStderrThatNobodyReadsHoldsNothingUp() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Programs.neuron(), "--agent", "--lease", LONG, "--", "sh", "-c", "yes >&2 & exec cat");
        builder.environment().put(MARK, mark);
        Process unread = builder.start();
        try {
            unread.getOutputStream().write("a line\n".getBytes(StandardCharsets.UTF_8));
            unread.getOutputStream().flush();
            assertThat(unread.inputReader().readLine()).isEqualTo("a line");
            unread.getOutputStream().close();
            assertThat(unread.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(unread.exitValue()).isZero();
            assertNothingRuns();
        } finally {
            unread.destroyForcibly();
        }
    }

    @Test
    void aWorkerThatClosesItsStdinRunsUntilTheLeaderLeaves() {
        start(LONG, "sh", "-c", "exec <&-; echo closed; sleep 620");
        assertThat(agent.line()).isEqualTo("closed");
        agent.send("nobody takes this", "nor this");
        assertThat(records(AgentRecord.End.class)).isEmpty();
        agent.closeStdin();
        assertThat(agent.exitCode()).isEqualTo(137);
    }

    private int exitCode(String... command) {
        if (agent != null) {
            agent.close();
        }
        start(LONG, command);
        return agent.exitCode();
    }

    private void start(String lease, String... command) {
        agent = ProgramProcess.neuron(
                Map.of(MARK, mark),
                Programs.concat(List.of("--agent", "--lease", lease, "--"), command)
                        .toArray(String[]::new));
    }

    private void startWithToken(String... command) {
        agent = ProgramProcess.neuron(
                Programs.concat(List.of("--agent", "--token-stdin", "--lease", LONG, "--"), command)
                        .toArray(String[]::new));
    }

    /** Sends a sign of life twice in a lease of a second, until {@code wait} is over. */
    private void keepAlive(Runnable wait) {
        Thread beats = Thread.startVirtualThread(() -> {
            try {
                while (!Thread.interrupted()) {
                    agent.send("");
                    Thread.sleep(100);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        wait.run();
        beats.interrupt();
    }

    private AgentRecord.Hello hello() {
        awaitRecord(AgentRecord.Hello.class);
        return records(AgentRecord.Hello.class).getFirst();
    }

    private AgentRecord.End end() {
        return records(AgentRecord.End.class).getFirst();
    }

    private void awaitRecord(Class<? extends AgentRecord> type) {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !records(type).isEmpty());
    }

    private <T extends AgentRecord> List<T> records(Class<T> type) {
        List<T> found = new ArrayList<>();
        byte[] said = agent.stderr().getBytes(StandardCharsets.UTF_8);
        AgentRecordFilter filter = new AgentRecordFilter(
                record -> type.isInstance(record) && found.add(type.cast(record)),
                new ByteArrayOutputStream()::writeBytes);
        filter.take(said, said.length);
        return found;
    }

    private void assertNothingRuns() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(running()).isEmpty());
    }

    private List<Processes.Running> running() {
        return Processes.with(MARK + "=" + mark);
    }
}
