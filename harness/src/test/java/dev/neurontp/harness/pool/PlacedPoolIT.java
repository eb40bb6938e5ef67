package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.launch.EndWords;
import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pools whose workers stand beside agents, behind a launcher that can be cut: no end is told that the agent has not told. */
@Tag("long")
@Timeout(120)
class PlacedPoolIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MARK = "NEURONTP_TEST_MARK";

    private final String mark = UUID.randomUUID().toString();
    private final Queue<String> stderr = new ConcurrentLinkedQueue<>();
    private Duration lease = Duration.ofSeconds(30);
    private Optional<EndWords> end = Optional.empty();
    private Deadlines deadlines = TestPool.DEADLINES
            .withReady(LIMIT)
            .withEnd(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(5));

    @TempDir
    private Path folder;

    @AfterEach
    void endTheWorkers() {
        running().forEach(Processes.Running::kill);
        Processes.with("HOLDS_" + MARK + "=" + mark).forEach(Processes.Running::kill);
    }

    @Test
    void aPoolLivesAndEndsInOrderAndTheAgentsAreTheEvidence() throws Exception {
        try (WorkerPool pool = pool("none")) {
            pool.pingAll();
            worker(pool, 0);
            worker(pool, 1);
            List<RankSnapshot> ranks = pool.state().ranks();
            assertThat(ranks).extracting(rank -> rank.host().orElseThrow()).containsExactly("far-1", "far-2");
            assertThat(ranks)
                    .allMatch(rank ->
                            rank.process().filter(ProcessIdentity::alive).isPresent());
            assertThat(ranks).noneMatch(rank -> rank.process().equals(rank.child()));
            ShutdownReport report = pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThat(report.of(1).describe()).isEqualTo("bye, exit 0");
            assertThat(report.of(1).elsewhere().orElseThrow().host()).isEqualTo("far-2");
            assertThat(pool.state().state()).isEqualTo(PoolState.GONE);
            assertNothingRuns();
        }
    }

    /** Its agent names it on stderr, which may be read after the pong on stdout. */
    private static ProcessIdentity worker(WorkerPool pool, int rank) {
        await().atMost(LIMIT)
                .until(() -> pool.state().ranks().get(rank).process().isPresent());
        return pool.state().ranks().get(rank).process().orElseThrow();
    }

    @Test
    void aCutMakesARankLostAndNeverGoneAndTheLeaseEndsItsWorker() throws Exception {
        lease = Duration.ofSeconds(8);
        deadlines = deadlines.withEnd(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(1));
        try (WorkerPool pool = pool("none")) {
            pool.pingAll();
            ProcessIdentity worker = worker(pool, 1);
            cut(pool, 1);
            await().atMost(LIMIT).until(() -> pool.state().state() == PoolState.FAILED);
            ShutdownReport report = pool.shutdown();
            Instant told = Instant.now();
            assertThat(worker.alive()).as("it lives on behind the cut").isTrue();
            assertThat(report.gone()).isFalse();
            assertThat(pool.state().reason().orElseThrow())
                    .as("what ended was no worker, as far as anybody knows")
                    .startsWith(
                            "the idle pool lost rank 1 (on far-2): the connection to it ended; its end: its launcher: exit 137")
                    .contains("lost: ");
            assertThat(report.of(0).gone()).as(report.of(0).describe()).isTrue();
            RankExit lost = report.of(1);
            assertThat(lost.isLost()).isTrue();
            assertThat(lost.exitCode()).as("nobody has seen it").isEmpty();
            Instant until = lost.elsewhere().orElseThrow().leaseEnds().orElseThrow();
            assertThat(lost.describe())
                    .startsWith("its launcher: exit 137")
                    .endsWith("lost: nothing was heard of its end: its agent ends it by " + until + " at the latest");
            assertThat(until).isBetween(told.minusSeconds(10), told.plusSeconds(15));
            assertThat(pool.state().ranks().get(1).state()).isEqualTo(RankState.LOST);
            await().atMost(LIMIT).until(() -> !worker.alive());
            assertThat(Instant.now()).as("when it had to be gone").isBefore(until.plusSeconds(1));
            assertNothingRuns();
        }
    }

    @Test
    void theYesOfALaunchersEndCommandIsEvidenceOnlyWhereItProvesTheEnd() throws Exception {
        lease = Duration.ofSeconds(8);
        deadlines = TestPool.DEADLINES
                .withReady(LIMIT)
                .withEnd(Duration.ofSeconds(1), Duration.ofSeconds(24), Duration.ofSeconds(5));
        for (boolean proves : List.of(true, false)) {
            Path asked = folder.resolve("asked-" + proves);
            end = Optional.of(new EndWords(
                    List.of("sh", "-c", "echo \"$0\" >" + asked, "{name} on {host}"), proves, Optional.empty()));
            try (WorkerPool pool = pool("none")) {
                pool.pingAll();
                cut(pool, 1);
                await().atMost(LIMIT).until(() -> pool.state().state() == PoolState.FAILED);
                ShutdownReport report = pool.shutdown();
                assertThat(asked).content().isEqualTo("neuron-pool-1 on far-2\n");
                assertThat(report.of(0).steps())
                        .as("its agent has told its end")
                        .doesNotContain("end command");
                RankExit cut = report.of(1);
                assertThat(cut.steps()).contains("end command");
                assertThat(cut.gone()).as(cut.describe()).isEqualTo(proves);
                assertThat(cut.isLost()).isNotEqualTo(proves);
                assertThat(cut.elsewhere().orElseThrow().leaseEnds().isPresent())
                        .isNotEqualTo(proves);
                if (proves) {
                    assertThat(cut.describe())
                            .startsWith("its launcher: exit 137; gone, says 'sh -c ")
                            .doesNotContain("nothing was started");
                }
            }
            await().atMost(LIMIT).until(() -> running().isEmpty());
        }
    }

    @Test
    void theEndOfAForeignWorkerIsToldByItsAgentWithItsHost() throws Exception {
        try (WorkerPool pool = pool("none")) {
            pool.pingAll();
            long pid = worker(pool, 1).pid();
            Signals.send("KILL", pid);
            await().atMost(LIMIT).until(() -> pool.state().state() == PoolState.FAILED);
            ShutdownReport report = pool.shutdown();
            assertThat(report.gone()).as(report.toString()).isTrue();
            assertThat(report.of(1).describe()).isEqualTo("exit 137 (SIGKILL)");
            assertThat(pool.failure().orElseThrow().getMessage())
                    .contains("lost rank 1 (pid " + pid + " on far-2)", "its end: exit 137 (SIGKILL)");
            assertNothingRuns();
        }
    }

    @Test
    void aWorkerThatStandsStillIsEndedByItsAgent() throws Exception {
        try (WorkerPool pool = pool("none")) {
            pool.pingAll();
            Signals.send("STOP", worker(pool, 0).pid());
            pool.kill();
            assertThat(pool.shutdown().gone()).isTrue();
            assertThat(pool.shutdown().of(0).describe()).isEqualTo("exit 137 (SIGKILL); its stdin was closed");
            assertNothingRuns();
        }
    }

    @Test
    void anOperationMayTakeLongerThanTheLease() throws Exception {
        lease = Duration.ofSeconds(1);
        deadlines = deadlines.withPing(Duration.ofSeconds(5));
        try (WorkerPool pool = pool("silent@1#2")) {
            pool.pingAll();
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.failures().getFirst().kind())
                    .as(failure.getMessage())
                    .isEqualTo("timeout");
            assertThat(pool.shutdown().gone()).isTrue();
        }
    }

    @Test
    void oneHostMayTakeLongerToStartThanTheLeaseOfAnother() throws Exception {
        lease = Duration.ofSeconds(1);
        List<String> slow =
                new ArrayList<>(List.of("sh", "-c", "[ \"$0\" = far-1 ] || sleep 3; exec \"$@\"", "{host}"));
        slow.addAll(launcher());
        try (WorkerPool pool = pool(slow, "none")) {
            pool.pingAll();
            assertThat(pool.shutdown().clean()).isTrue();
        }
    }

    @Test
    void aLauncherThatWasRefusedHasStartedNothing() throws Exception {
        List<String> refused = List.of("sh", "-c", "echo 'Permission denied (publickey).' >&2; exit 255", "ssh");
        try (WorkerPool pool = pool(refused, "none")) {
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.getMessage())
                    .contains(
                            "(on far-1)",
                            "its end: its launcher: exit 255; nothing was started there",
                            "Permission denied (publickey).");
            assertThat(pool.shutdown().gone())
                    .as("nothing is there that could be lost")
                    .isTrue();
        }
    }

    /** The pool cannot come up any more: a host that says nothing is not waited for. */
    @Test
    void aLauncherThatWasRefusedIsToldAlthoughAnotherHostIsSilent() throws Exception {
        deadlines = deadlines.withReady(Duration.ofMinutes(10));
        List<String> one = List.of(
                "sh", "-c", "[ \"$0\" = far-1 ] && exec sleep 600; echo 'No route to host' >&2; exit 255", "{host}");
        try (WorkerPool pool = pool(one, "none")) {
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.getMessage()).contains("(on far-2)", "its launcher: exit 255", "No route to host");
            assertThat(pool.shutdown().gone()).isTrue();
        }
    }

    @Test
    void whatACrowdedHostRefusesIsTriedAgain() throws Exception {
        Path tries = Files.createDirectory(folder.resolve("tries"));
        List<String> crowded = new ArrayList<>(List.of(
                "sh",
                "-c",
                "mktemp -p \"$0\" >/dev/null; [ $(ls \"$0\" | wc -l) -gt 3 ] && exec \"$@\";"
                        + " echo 'kex_exchange_identification: read: Connection reset by peer' >&2; exit 255",
                tries.toString()));
        crowded.addAll(launcher());
        try (WorkerPool pool = pool(crowded, "none")) {
            pool.pingAll();
            assertThat(tries.toFile().list()).hasSizeGreaterThan(4);
        }
    }

    @Test
    void whatAShellPrintsBeforeIsNamedAndNothingIsStarted() throws Exception {
        List<String> noisy =
                new ArrayList<>(List.of("sh", "-c", "echo 'Welcome to gpu-cluster'; exec \"$@\"", "noisy"));
        noisy.addAll(launcher());
        try (WorkerPool pool = pool(noisy, "none")) {
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.getMessage())
                    .contains("far-1 prints 'Welcome to gpu-cluster' before anything is started there");
            assertThat(stderr).noneMatch(line -> line.contains("is here"));
            assertThat(pool.shutdown().gone()).isTrue();
        }
    }

    @Test
    void anotherVersionOnAHostIsNamed() throws Exception {
        String record =
                "printf '\\036{\"agent\":\"ready\",\"host\":\"h\",\"boot_id\":\"b\",\"version\":\"0.0.9\"}\\n' >&2;"
                        + " exec cat >/dev/null";
        try (WorkerPool pool = pool(List.of("sh", "-c", record, "other"), "none")) {
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.getMessage()).contains("far-1 has neuron 0.0.9, and its leader is ");
            assertThat(pool.shutdown().of(0).isLost())
                    .as("it was told to start")
                    .isTrue();
        }
    }

    @Test
    void aProgramThatIsNotThereIsToldByItsAgent() throws Exception {
        try (WorkerPool pool = spawn(launcher(), List.of("/no/such/worker"))) {
            PoolFailure failure = catchThrowableOfType(PoolFailure.class, pool::pingAll);
            assertThat(failure.getMessage()).contains("'/no/such/worker' does not exist", "exit 3");
            assertThat(pool.shutdown().gone()).isTrue();
        }
    }

    @Test
    void noWorkerCanSpeakInTheNameOfItsAgent() throws Exception {
        lease = Duration.ofSeconds(8);
        deadlines = deadlines.withEnd(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(1));
        Path forger = folder.resolve("forger.sh");
        Files.writeString(forger, """
                printf '\\036{"agent":"end","token":"","exit":0}\\n\\036{"agent":"end","exit":0}\\n' >&2
                tr '\\0' '\\n' </proc/$PPID/environ | sed 's/.*=//' | while read -r secret; do
                    printf '\\036{"agent":"end","token":"%s","exit":0}\\n' "$secret" >&2
                done
                exec sh "$@"
                """);
        List<String> command = new ArrayList<>(List.of("sh", forger.toString()));
        command.addAll(TestPool.command("none").subList(1, 3));
        try (WorkerPool pool = spawn(launcher(), command)) {
            pool.pingAll();
            cut(pool, 1);
            await().atMost(LIMIT).until(() -> pool.state().state() == PoolState.FAILED);
            assertThat(pool.shutdown().of(1).isLost()).isTrue();
            assertThat(stderr).anyMatch(line -> line.contains("?{\"agent\":\"end\""));
        }
        await().atMost(LIMIT).until(() -> running().isEmpty());
    }

    /** The launcher is killed, and with it all that would close a pipe on the other side. */
    private static void cut(WorkerPool pool, int rank) {
        pool.state().ranks().get(rank).child().orElseThrow().kill();
    }

    private WorkerPool pool(String faults) throws Exception {
        return pool(launcher(), faults);
    }

    private WorkerPool pool(List<String> launcher, String faults) throws Exception {
        return spawn(launcher, TestPool.command(faults));
    }

    private WorkerPool spawn(List<String> start, List<String> command) throws Exception {
        Launcher launcher = new Launcher(
                "far",
                start,
                false,
                Set.of(255),
                List.of(Programs.neuron()),
                Map.of("FAR_HOST", "yes"),
                end,
                false,
                Map.of());
        List<Place> places = List.of(
                new Place("far-1", "127.0.0.1", 0, launcher, Map.of()),
                new Place("far-2", "127.0.0.1", 0, launcher, Map.of()));
        PoolOptions options = PoolOptions.DEFAULT
                .withDeadlines(deadlines)
                .withPlacement(new Placement(places, lease))
                .withStderr((rank, line) -> stderr.add(rank + ": " + line))
                .withCommunicatorSource(new ScriptedCommunicators());
        return WorkerPool.spawn(command, 2, TestPool.devices(2), options);
    }

    private List<String> launcher() throws IOException {
        Path script = Path.of("src/test/resources/far-launcher.sh").toAbsolutePath();
        return List.of("sh", script.toString(), folder.toString(), MARK + "=" + mark);
    }

    private List<Processes.Running> running() {
        return Processes.with(MARK + "=" + mark);
    }

    private void assertNothingRuns() {
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(running()).isEmpty());
    }
}
