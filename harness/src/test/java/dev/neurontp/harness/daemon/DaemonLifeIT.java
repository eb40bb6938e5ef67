package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of the packaged daemon with real workers: its start, its signals, its death, and the start after that. */
class DaemonLifeIT {
    private static final Duration LEADER_GONE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private static boolean gone(List<Long> pids) {
        return pids.stream()
                .noneMatch(pid ->
                        ProcessIdentity.of(pid).filter(ProcessIdentity::alive).isPresent());
    }

    private RuntimeFolder runtime() {
        return RuntimeFolder.at(folder.resolve("run"));
    }

    @Test
    void sigtermShutsDownEveryPoolAndExitsWithZero() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            assertThat(runtime().liveDaemons()).singleElement().satisfies(daemon -> {
                assertThat(daemon.pid()).isEqualTo(neuron.program.pid());
                assertThat(daemon.url()).isEqualTo(neuron.url());
            });
            List<Long> first = neuron.pool(List.of());
            List<Long> second = neuron.pool(List.of());
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stdout()).endsWith("status=stopped");
            assertThat(gone(first) && gone(second)).isTrue();
            assertThat(folder.resolve("run")).isDirectoryContaining("glob:**token");
            try (var files = Files.list(folder.resolve("run"))) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void theTokenIsNeverPrintedLoggedOrOnACommandLine() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            neuron.pool(List.of());
            String token = neuron.token();
            assertThat(token).hasSize(64);
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
                for (Path process : processes) {
                    assertThat(text(process.resolve("cmdline"))).doesNotContain(token);
                }
            }
            neuron.terminate();
            neuron.program.exitCode();
            assertThat(neuron.program.stdout()).noneMatch(line -> line.contains(token));
            assertThat(neuron.program.stderr()).doesNotContain(token);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void workersOfAKilledDaemonGoByThemselvesAndTheNextStartReportsIt() throws Exception {
        long dead;
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of())) {
            List<Long> pids = neuron.pool(List.of());
            dead = neuron.program.pid();
            neuron.program.signal("KILL");
            await().atMost(LEADER_GONE).until(() -> gone(pids));
        }
        assertThat(runtime().liveDaemons()).isEmpty();
        try (DaemonProcess next = DaemonProcess.listening(folder, Map.of())) {
            assertThat(next.program.stderr()).contains("found:", "pid " + dead, "without cleaning up");
            assertThat(runtime().liveDaemons()).hasSize(1);
            assertThat(next.send("GET", "/readyz", "").status()).isEqualTo(200);
            next.terminate();
            assertThat(next.program.exitCode()).isZero();
        }
    }

    @Tag("long")
    @Test
    void whatAKilledDaemonLeftBehindIsEndedByTheNextStart() throws Exception {
        List<String> stubborn = TestDaemon.command("stays@1#2");
        Map<String, String> environment = Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(stubborn)));
        List<Long> pids;
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            pids = neuron.pool(stubborn);
            // From its second answer on, rank 1 is a program that does not care for its leader.
            String id = neuron.poolId();
            assertThat(neuron.send("POST", "/pools/" + id + "/ping", "").status())
                    .isEqualTo(200);
            neuron.program.signal("KILL");
            neuron.program.exitCode();
        }
        assertThat(gone(pids)).isFalse();
        try (DaemonProcess next = DaemonProcess.listening(folder, environment)) {
            assertThat(next.program.stderr()).contains("pid " + pids.get(1) + ") was ended with SIGTERM");
            assertThat(gone(pids)).isTrue();
        }
    }

    @Tag("long")
    @Test
    void whatAKilledDaemonLeftBehindIsEndedWithoutANextStart() throws Exception {
        List<String> stubborn = TestDaemon.command("stays@1#2");
        Map<String, String> environment = Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(stubborn)));
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            List<Long> pids = neuron.pool(stubborn);
            assertThat(neuron.send("POST", "/pools/" + neuron.poolId() + "/ping", "")
                            .status())
                    .isEqualTo(200);
            neuron.program.signal("KILL");
            await().atMost(Duration.ofSeconds(40)).until(() -> gone(pids));
        }
    }

    /** Each below the bound of a frame; together they are more than the daemon may have. */
    @Tag("long")
    @Test
    void theLongRepliesOfManyRanksEndNeitherTheDaemonNorAnotherPool() throws Exception {
        int ranks = 40;
        String bombs = IntStream.range(0, ranks)
                .mapToObj(rank -> "bomb@" + rank + "#2")
                .collect(Collectors.joining(","));
        List<String> bomb = TestDaemon.command(bombs);
        List<String> small = TestDaemon.command("none");
        Map<String, String> environment =
                Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(bomb, small)), "NEURON_JAVA_OPTS", "-Xmx512m");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            neuron.pool(small);
            String pool = Json.text(Map.of("world_size", ranks, "communicator", "loopback", "command", bomb));
            HttpReply created = neuron.send("POST", "/pools?wait=60s", pool);
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            neuron.send("POST", "/pools/" + created.json().get("id").stringValue() + "/ping?wait=60s", "");
            assertThat(neuron.send("POST", "/pools/" + neuron.poolId() + "/ping", "")
                            .status())
                    .isEqualTo(200);
        }
    }

    /** Where the JDK gets no descriptor in the middle of a start it closes descriptor 0, which is another worker's pipe by then. */
    @Tag("long")
    @Test
    void aStartWithoutDescriptorsLeavesOtherPoolsAlone() throws Exception {
        List<String> limited = List.of("sh", "-c", "ulimit -n 110; exec \"$@\"", "sh");
        List<String> small = TestDaemon.command("none");
        Map<String, String> environment = Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(small)));
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(limited, folder, environment)) {
            String last = "";
            int tries = 0;
            for (int refused = 0; refused < 16; ) {
                // In the middle of a start, wherever that is.
                int size = 2 + tries++ % 3;
                HttpReply created = neuron.send(
                        "POST",
                        "/pools?wait=60s",
                        Json.text(Map.of("world_size", size, "communicator", "loopback", "command", small)));
                if (created.status() == 201) {
                    last = created.json().get("id").stringValue();
                } else {
                    refused++;
                    neuron.send("DELETE", "/pools/" + last + "?wait=60s", "");
                }
            }
            HttpReply pools = neuron.send("GET", "/pools", "");
            assertThat(pools.text()).contains("\"ready\"").doesNotContain("Bad file descriptor", "the idle pool lost");
        }
    }

    @Test
    void aSecondSigtermEndsAtOnce() throws Exception {
        List<String> deaf = TestDaemon.command("deaf@1,silent@1#2");
        Map<String, String> environment = Map.of("NEURON_POOLS__COMMANDS", Json.text(List.of(deaf)));
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            neuron.pool(deaf);
            neuron.terminate();
            await().until(() -> neuron.send("GET", "/readyz", "").status() == 503);
            long second = System.nanoTime();
            neuron.terminateAgain();
            assertThat(neuron.program.exitCode()).isEqualTo(143);
            // The workers' own end takes 9 s and more: it was not waited for.
            assertThat(Duration.ofNanos(System.nanoTime() - second)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void wrongSettingsAreRefusedWithPlaceValueAndRule() throws Exception {
        Path config = Files.writeString(folder.resolve("neuron.toml"), "[http]\nport = 70000\nprot = 1\n");
        try (DaemonProcess neuron = DaemonProcess.run(
                folder, Map.of("NEURON_LIMITS__POOLS", "many"), "--config", config.toString(), "--host", "10.0.0.1")) {
            assertThat(neuron.program.exitCode()).isEqualTo(2);
            assertThat(neuron.program.stdout()).isEmpty();
            assertThat(neuron.program.stderr())
                    .contains("neuron.toml line 2", "70000", "from 0 to 65535", "line 3", "did you mean 'http.port'")
                    .contains("NEURON_LIMITS__POOLS", "'many'")
                    .doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void aSettingsFileWithoutAnEndIsNotReadToIt() {
        try (DaemonProcess neuron = DaemonProcess.run(folder, Map.of(), "--config", "/dev/zero")) {
            assertThat(neuron.program.exitCode()).isEqualTo(2);
            assertThat(neuron.program.stderr()).contains("the settings file /dev/zero cannot be read: it has 65537");
        }
    }

    @Test
    void anAddressThatOthersReachIsRefusedWithoutTls() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.run(folder, Map.of(), "--host", "0.0.0.0")) {
            assertThat(neuron.program.exitCode()).isEqualTo(2);
            assertThat(neuron.program.stderr()).contains("0.0.0.0", "the option --host", "--insecure");
        }
    }

    @Test
    void printConfigShowsEachValueAndItsOrigin() throws Exception {
        Path config = Files.writeString(folder.resolve("neuron.toml"), "limits.pools = 3\n");
        try (DaemonProcess neuron = DaemonProcess.run(
                folder,
                Map.of("NEURON_LIMITS__STREAMS", "9"),
                "--config",
                config.toString(),
                "--port",
                "18",
                "--print-config")) {
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stdout())
                    .anyMatch(line -> line.matches("http\\.port = 18 +# the option --port"))
                    .anyMatch(line -> line.matches("limits\\.pools = 3 +# .*neuron\\.toml line 1, column 1"))
                    .anyMatch(line ->
                            line.matches("limits\\.streams = 9 +# the environment variable NEURON_LIMITS__STREAMS"))
                    .anyMatch(line -> line.matches("limits\\.events = 4096 +# default"));
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInWords() throws Exception {
        try (DaemonProcess first = DaemonProcess.listening(folder, Map.of())) {
            String port = first.url().replaceAll(".*:", "");
            try (DaemonProcess second = DaemonProcess.run(folder, Map.of(), "--port", port)) {
                assertThat(second.program.exitCode()).isEqualTo(3);
                assertThat(second.program.stderr())
                        .contains("cannot start", port)
                        .doesNotContain("\tat ");
            }
            assertThat(runtime().liveDaemons()).hasSize(1);
        }
    }
}
