package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A daemon on a host that gives no more threads, as a limit on processes does (ulimit -u, a cgroup's pids.max), set once it runs.
 * Such a limit does not bind root: the daemon is then of another user.
 */
@Tag("long")
@Timeout(180)
class ThreadLimitIT {
    private static final String LIMIT = "the host's limit on processes and threads is reached (ulimit -u is 1,";
    /** One that runs nothing else meanwhile: the image's is 65532. */
    private static final List<String> AS_ANOTHER_USER =
            List.of("setpriv", "--reuid=65530", "--regid=65530", "--clear-groups");

    @TempDir
    Path folder;

    @BeforeEach
    void theLimitBinds() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "SKIPPED: there is no prlimit");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("test", "-r", Programs.neuron(), "-a", "-w", folder.toString()));
        assumeTrue(
                new ProcessBuilder(command).start().waitFor() == 0,
                "SKIPPED: another user cannot read " + Programs.neuron());
    }

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> user() {
        return root() ? AS_ANOTHER_USER : List.of();
    }

    private DaemonProcess daemon() {
        return DaemonProcess.listeningBehind(user(), folder, Map.of("HOME", "/"));
    }

    private static void limit(ProgramProcess program, int threads) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("prlimit", "--pid=" + program.pid(), "--nproc=" + threads + ":"));
        Process prlimit = new ProcessBuilder(command).inheritIO().start();
        assertThat(prlimit.waitFor()).isZero();
    }

    @Test
    void aPoolThatNeedsThreadsIsRefusedWithTheLimitAndTheDaemonGoesOn() throws Exception {
        try (DaemonProcess neuron = daemon()) {
            assertThat(neuron.pool(List.of())).hasSize(2);
            limit(neuron.program, 1);
            HttpReply refused = neuron.send("POST", "/pools?wait=30s", "{\"world_size\":2}");
            assertThat(refused.status()).as(refused.toString()).isIn(409, 503);
            assertThat(refused.json().at("/error/message").stringValue()).contains(LIMIT);
            assertThat(neuron.send("GET", "/readyz", "").status()).isEqualTo(200);
            String id = neuron.poolId();
            HttpReply ended = neuron.send("POST", "/pools/" + id + "/shutdown?wait=30s", "");
            assertThat(ended.status()).as(ended.toString()).isEqualTo(200);
            limit(neuron.program, 4096);
            assertThat(neuron.pool(List.of())).hasSize(2);
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        }
    }

    /** No request was before, and nothing else that runs on virtual threads. */
    @Test
    void aDaemonThatHasDoneNothingYetAnswersAtTheLimitAndAfterIt() throws Exception {
        try (DaemonProcess neuron = daemon()) {
            limit(neuron.program, 1);
            assertThat(neuron.send("GET", "/livez", "").status()).isEqualTo(200);
            limit(neuron.program, 4096);
            assertThat(neuron.send("GET", "/livez", "").status()).isEqualTo(200);
            assertThat(neuron.pool(List.of())).hasSize(2);
        }
    }

    @Test
    void anInitThatNeedsAThreadFailsAtOnceAndNamesTheLimit() throws Exception {
        try (DaemonProcess neuron = daemon()) {
            neuron.pool(List.of());
            String id = neuron.poolId();
            limit(neuron.program, 1);
            HttpReply failed = neuron.send("POST", "/pools/" + id + "/init?wait=50s", "");
            assertThat(failed.status()).as(failed.toString()).isEqualTo(409);
            assertThat(failed.json().at("/error/message").stringValue()).contains("init failed on rank 0", LIMIT);
            limit(neuron.program, 4096);
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        }
    }

    /** Whichever thread gets none: that of the comm_id may then be the one that ends the pool. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void withSoManyThreadsLeftAFailedInitIsOverAtOnce(int left) throws Exception {
        try (DaemonProcess neuron = daemon()) {
            neuron.pool(List.of());
            String id = neuron.poolId();
            limit(neuron.program, (int) threadsOfTheUserOf(neuron.program) + left);
            HttpReply init = neuron.send("POST", "/pools/" + id + "/init?wait=20s", "");
            assertThat(init.status()).as(init.toString()).isIn(200, 409, 503);
            limit(neuron.program, 4096);
            HttpReply ended = neuron.send("POST", "/pools/" + id + "/shutdown?wait=20s", "");
            assertThat(ended.status()).as(ended.toString()).isIn(200, 409);
            neuron.terminate();
            assertThat(neuron.program.exitCode()).as(neuron.program.stderr()).isZero();
        }
    }

    /** The limit counts them all. */
    private static long threadsOfTheUserOf(ProgramProcess program) throws IOException {
        UserPrincipal user = Files.getOwner(Path.of("/proc", String.valueOf(program.pid())));
        long threads = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (Files.exists(process) && Files.getOwner(process).equals(user)) {
                    threads += Files.getAttribute(process.resolve("task"), "unix:nlink") instanceof Integer links
                            ? links - 2
                            : 0;
                }
            }
        }
        return threads;
    }

    /** Each value strikes another thread: of the JVM, of the leader, of rank 0 in it, of its worker. */
    @ParameterizedTest
    @ValueSource(ints = {8, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 27, 30, 33, 36, 40})
    void whateverTheLimitACheckEndsSaysWhyAndLeavesNothing(int threads) {
        String mark = "NEURONTP_TEST_MARK=" + folder;
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("prlimit", "--nproc=" + threads, Programs.neuron()));
        command.addAll(List.of("--tp-smoke", "--tp-size=2", "--communicator=loopback"));
        Map<String, String> environment = Map.of("HOME", "/", "NEURONTP_TEST_MARK", folder.toString());
        try (ProgramProcess check = ProgramProcess.command(environment, command)) {
            assertThat(check.exitCode() == 0 || !check.stderr().isEmpty())
                    .as("exit code %s: %s", check.exitCode(), check.stderr())
                    .isTrue();
            assertThat(check.stderr()).doesNotContain("NeuronMain.java", " is null", "records were dropped");
            await().atMost(ProgramProcess.LIMIT)
                    .untilAsserted(() -> assertThat(Processes.with(mark)).isEmpty());
        }
    }

    /** As {@code tpctl up -d} starts it. Each value strikes another thread, until there are enough. */
    @Test
    void aDaemonThatCannotStartLeavesNoFileThatSaysItRuns() throws Exception {
        Path runtime = folder.resolve("run");
        Map<String, String> environment =
                Map.of("HOME", "/", "NEURON_RUNTIME_DIR", runtime.toString(), "NEURON_STATE_DIR", folder + "/state");
        boolean started = false;
        for (int threads = 12; !started; threads++) {
            List<String> command = new ArrayList<>(user());
            command.addAll(List.of("prlimit", "--nproc=" + threads, Programs.neuron(), "--port=0"));
            command.addAll(List.of("--stop-with-last-pool", "--stop-on-stdin-eof"));
            try (ProgramProcess neuron = ProgramProcess.command(environment, command)) {
                started = neuron.closeStdin().exitCode() == 0;
                assertThat(files(runtime, "daemon-*.json")).as(neuron.stderr()).isEmpty();
            }
        }
    }

    private static List<Path> files(Path folder, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.exists(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
                files.forEach(found::add);
            }
        }
        return found;
    }

    /** Who has said that its worker runs says how it has ended, and who says that it cannot be started has none. */
    @ParameterizedTest
    @ValueSource(ints = {8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 24})
    void whateverTheLimitAnAgentTellsWhatBecomesOfItsWorker(int threads) {
        String mark = "NEURONTP_TEST_MARK=" + folder;
        List<String> command = new ArrayList<>(user());
        command.addAll(List.of("prlimit", "--nproc=" + threads, Programs.neuron(), "--agent", "--lease", "10m"));
        command.addAll(List.of("--", "sh", "-c", "while read -r line; do :; done"));
        Map<String, String> environment = Map.of("HOME", "/", "NEURONTP_TEST_MARK", folder.toString());
        try (ProgramProcess agent = ProgramProcess.command(environment, command)) {
            await().atMost(ProgramProcess.LIMIT)
                    .until(() -> !agent.process().isAlive() || agent.stderr().contains("\"hello\""));
            agent.closeStdin();
            assertThat(agent.exitCode() == 0 || !agent.stderr().isEmpty()).isTrue();
            if (agent.stderr().contains("\"hello\"")) {
                assertThat(agent.stderr()).contains("\"end\"").doesNotContain("cannot be started");
            }
            await().atMost(ProgramProcess.LIMIT)
                    .untilAsserted(() -> assertThat(Processes.with(mark)).isEmpty());
        }
    }
}
