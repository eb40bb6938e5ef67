package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the packaged daemon makes of signals as shells, terminals and service managers send them, and of its starter's death. */
@Tag("long")
class DaemonSignalsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** The kernel makes one of those that it could not deliver yet; of so many, several arrive. */
    private static final String MANY = "i=0; while [ $i -lt 50 ]; do kill -TERM $0; i=$((i + 1)); done";

    @TempDir
    Path folder;

    private static boolean alive(long pid) {
        return ProcessIdentity.of(pid).filter(ProcessIdentity::alive).isPresent();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void endedInOrder(DaemonProcess neuron) throws IOException, InterruptedException {
        assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        assertThat(neuron.program.stdout()).endsWith("status=stopped");
        assertThat(files()).containsExactly("token");
        assertThat(neuron.program.stderr()).doesNotContain("has failed", "did not leave in order");
    }

    @Test
    void sighupReadsTheSettingsAgainAndEndsNothing() throws Exception {
        Path config = Files.writeString(folder.resolve("neuron.toml"), "limits.pools = 3\n");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_CONFIG", config.toString()))) {
            neuron.pool(List.of());
            neuron.program.signal("HUP");
            neuron.program.awaitLog("the settings were read again");
            Files.writeString(config, "limits.pools = 1\nlimits.idle = \"7s\"\n");
            neuron.program.signal("HUP");
            neuron.program.awaitLog("limits.pools = 1 now, was 3");
            neuron.program.awaitLog("limits.idle = \"7s\" needs a restart of this daemon, which goes on with \"30s\"");
            Files.writeString(config, "limits.pools = 0\n");
            neuron.program.signal("HUP");
            neuron.program.awaitLog("the settings were not taken: " + config + " line 1, column 1: limits.pools is 0");
            assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
            neuron.terminate();
            endedInOrder(neuron);
        }
    }

    /** Which starts it with SIGHUP ignored, as a program may that starts others. */
    @Test
    void sighupReadsTheSettingsAgainUnderNohupToo() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(List.of("nohup"), folder, Map.of())) {
            neuron.program.signal("HUP");
            neuron.program.awaitLog("the settings were read again");
            neuron.terminate();
            endedInOrder(neuron);
        }
    }

    /** Its far side is silent, so it stays where its input ends, as an ssh does; nobody waits for it. */
    @ParameterizedTest
    @ValueSource(strings = {"SIGTERM", "DELETE"})
    void noLauncherIsLeftOfACommIdThatNeverCame(String end) throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        Path config = Files.writeString(folder.resolve("neuron.toml"), """
                hosts.a.address = "127.0.0.1"
                hosts.b.address = "127.0.0.1"
                launchers.far.preset = "exec"
                launchers.far.neuron = ["%s"]
                launchers.far.start = ["sh", "-c", "case $* in *--comm-id*) %s; : ;; *) exec \\"$@\\" ;; esac", "sh"]
                """.formatted(Programs.neuron(), silent));
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_CONFIG", config.toString()))) {
            String pool = "{\"world_size\":2,\"launcher\":\"far\",\"hosts\":[\"a:0\",\"b:0\"]}";
            HttpReply created = neuron.send("POST", "/pools?wait=60s", pool);
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            neuron.send("POST", "/pools/" + neuron.poolId() + "/init", "");
            Callable<List<ProcessHandle>> standing = () -> ProcessHandle.allProcesses()
                    .filter(process -> process.info().commandLine().orElse("").contains(silent))
                    .toList();
            await().atMost(LIMIT).until(() -> standing.call().size() == 2);
            if (end.equals("SIGTERM")) {
                neuron.terminate();
                neuron.program.exitCode();
            } else {
                HttpReply deleted = neuron.send("DELETE", "/pools/" + neuron.poolId() + "?wait=60s", "");
                assertThat(deleted.text()).contains("\"gone\":true");
            }
            assertThat(standing.call()).isEmpty();
        }
    }

    /** As in a container without an init process: its first process, in a namespace of its own. */
    @Test
    void asProcess1ItReapsWhatOthersLeave() throws Exception {
        List<String> first = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        assumeTrue(
                Programs.runs(Programs.concat(first, "true")), "SKIPPED: this user may not make a namespace of pids");
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(first, folder, Map.of())) {
            neuron.program.awaitLog("docker run --init");
            assertThat(neuron.program.stderr()).contains("this is process 1 of a container");
            ProcessHandle daemon = ProcessHandle.of(neuron.program.pid())
                    .flatMap(unshare -> unshare.children().findFirst())
                    .orElseThrow();
            for (int round = 0; round < 3; round++) {
                ProcessHandle orphan = orphanOf(daemon);
                assertThat(orphan.destroyForcibly()).isTrue();
                await().until(() -> !Files.exists(Path.of("/proc/" + orphan.pid())));
            }
            // Its own still belong to Java, which knows how they ended.
            neuron.pool(List.of());
            assertThat(daemon.destroy()).isTrue();
            endedInOrder(neuron);
        }
    }

    /** A process whose parent has ended, in the daemon's namespace: now the daemon is its parent. */
    private static ProcessHandle orphanOf(ProcessHandle daemon) throws Exception {
        String target = Long.toString(daemon.pid());
        assertThat(new ProcessBuilder(
                                "nsenter", "--target", target, "--pid", "sh", "-c", "sleep 7654 >/dev/null 2>&1 &")
                        .start()
                        .waitFor())
                .isZero();
        Callable<Optional<ProcessHandle>> look = () -> daemon.children()
                .filter(child -> child.info().commandLine().orElse("").contains("sleep 7654"))
                .findFirst();
        return await().until(look, Optional::isPresent).orElseThrow();
    }

    @Test
    void timeoutSendsItsSignalTwiceAndThatIsOneStop() throws Exception {
        try (DaemonProcess timeout =
                DaemonProcess.listeningBehind(List.of("timeout", "600"), folder, Map.of("LC_ALL", "C"))) {
            timeout.pool(List.of());
            timeout.program.signal("TERM");
            endedInOrder(timeout);
        }
    }

    @Test
    void twoSignalsInAMillisecondAreOneStop() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            neuron.pool(List.of());
            long pid = neuron.program.pid();
            assertThat(new ProcessBuilder("sh", "-c", MANY, Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
            endedInOrder(neuron);
        }
    }

    @RepeatedTest(3)
    void aServiceManagersSignalToAllProcessesAtOnceIsAStopInOrder() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            List<Long> all = new ArrayList<>(neuron.pool(List.of()));
            all.addAll(neuron.pool(List.of()));
            // The workers first, and the daemon hears of their ends before it can run: the worst order.
            neuron.program.signal("STOP");
            all.forEach(pid -> Signals.send("TERM", pid));
            await().atMost(LIMIT).until(() -> all.stream().noneMatch(DaemonSignalsIT::alive));
            neuron.program.signal("TERM");
            neuron.program.signal("CONT");
            endedInOrder(neuron);
        }
    }

    @Test
    void aHostThatIsSuspendedAndResumedLosesNoPool() throws Exception {
        Duration proof = Duration.ofMillis(500);
        Map<String, String> environment = Map.of("NEURON_POOLS__PROOF", proof.toMillis() + "ms");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            List<Long> all = new ArrayList<>(neuron.pool(List.of()));
            all.add(neuron.program.pid());
            all.forEach(pid -> Signals.send("STOP", pid));
            await().atMost(LIMIT)
                    .until(() -> all.stream()
                            .allMatch(pid -> ProcessIdentity.of(pid)
                                    .filter(ProcessIdentity::stopped)
                                    .isPresent()));
            // Long enough for every proof to be too old: what the daemon would make of it is what is tested.
            long stopped = System.nanoTime();
            await().atMost(LIMIT).until(() -> System.nanoTime() - stopped > 6 * proof.toNanos());
            all.reversed().forEach(pid -> Signals.send("CONT", pid));
            String ping = "/pools/" + neuron.poolId() + "/ping?wait=30s";
            assertThat(neuron.send("POST", ping, "").status()).isEqualTo(200);
            neuron.terminate();
            endedInOrder(neuron);
        }
    }

    @Test
    void aWorkerThatAloneGetsSigtermIsAFailedRank() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            List<Long> ranks = neuron.pool(List.of());
            Signals.send("TERM", ranks.get(1));
            await().atMost(LIMIT)
                    .until(
                            () -> neuron.send("GET", "/pools", "")
                                    .json()
                                    .at("/pools/0/state")
                                    .stringValue(),
                            "failed"::equals);
            assertThat(neuron.send("GET", "/pools", "")
                            .json()
                            .at("/pools/0/reason")
                            .stringValue())
                    .contains("rank 1", "its process ended");
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
        }
    }

    @Test
    void aSecondSignalLeavesNoDaemonFileBehind() throws Exception {
        List<String> deaf = TestDaemon.command("deaf@1,silent@1#2");
        Map<String, String> environment = Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(deaf)));
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            neuron.pool(deaf);
            neuron.terminate();
            await().atMost(LIMIT).until(() -> neuron.send("GET", "/readyz", "").status() == 503);
            neuron.terminateAgain();
            assertThat(neuron.program.exitCode()).isEqualTo(143);
            assertThat(files()).noneMatch(name -> name.startsWith("daemon-"));
        }
    }

    @Test
    void aDaemonWhoseStarterIsGoneStopsInOrder() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(List.of(), folder, Map.of(), "--stop-on-stdin-eof")) {
            neuron.pool(List.of());
            neuron.program.closeStdin();
            endedInOrder(neuron);
            assertThat(neuron.program.stderr()).contains("the process that started this daemon is gone");
        }
    }

    @Tag("long")
    @Test
    void aDaemonOfItsPoolsStopsInOrderAfterTheLastOne() throws Exception {
        try (DaemonProcess neuron =
                DaemonProcess.listeningBehind(List.of(), folder, Map.of(), "--stop-with-last-pool")) {
            neuron.pool(List.of());
            HttpReply ended = neuron.send("POST", "/pools/" + neuron.poolId() + "/shutdown?wait=60s", "");
            assertThat(ended.text()).contains("\"gone\":true");
            endedInOrder(neuron);
            assertThat(neuron.program.stderr()).contains("since its last pool has ended");
        }
    }

    /** As a sibling that shares the open file can make it. */
    @Test
    void aNonBlockingStdinIsNoStarterThatIsGone() throws Exception {
        List<String> nonBlocking = List.of("sh", "-c", "dd iflag=nonblock count=0 2>&-; exec \"$@\"", "sh");
        try (DaemonProcess neuron =
                DaemonProcess.listeningBehind(nonBlocking, folder, Map.of(), "--stop-on-stdin-eof")) {
            neuron.pool(List.of());
            assertThat(neuron.program.stderr()).doesNotContain("stdin");
            neuron.program.closeStdin();
            endedInOrder(neuron);
        }
    }

    @Test
    void aStarterThatIsGoneBeforeTheDaemonListensIsNotMissed() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.run(folder, Map.of(), "--port", "0", "--stop-on-stdin-eof")) {
            neuron.program.closeStdin();
            endedInOrder(neuron);
        }
    }

    @Test
    void aLineFeedLetsItGo() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(List.of(), folder, Map.of(), "--stop-on-stdin-eof")) {
            neuron.program.send("");
            neuron.program.closeStdin();
            neuron.pool(List.of());
            assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
            assertThat(neuron.program.stderr()).doesNotContain("is gone");
            neuron.terminate();
            endedInOrder(neuron);
        }
    }
}
