package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.FakeDaemon;
import dev.neurontp.testing.FullPipe;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** tpctl whose output nobody reads: a pager that has stopped, Ctrl-S. It may wait for its reader, but it ends when it is told to. */
@Tag("long")
@Timeout(180)
class StoppedReaderIT {
    private static final String MARK = "NEURONTP_TEST_MARK";
    /** Less than a pool has to become ready. */
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    private final LiveDaemonFixture site = new LiveDaemonFixture();

    private ProgramProcess tpctl(List<String> before, Map<String, String> more, String... arguments) {
        Map<String, String> environment =
                new HashMap<>(Map.of("NEURON_RUNTIME_DIR", site.runtime().toString()));
        environment.putAll(more);
        List<String> command = Programs.concat(Programs.concat(before, Programs.tpctl()), arguments);
        return ProgramProcess.command(environment, Programs.interruptible(command))
                .closeStdin();
    }

    /** Waits until one of its threads stands in a write to the pipe. */
    private static void awaitBlocked(ProgramProcess program) {
        await().atMost(ProgramProcess.LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> isBlocked(program));
    }

    private static boolean isBlocked(ProgramProcess program) throws IOException {
        return isBlocked(program.pid());
    }

    private static boolean isBlocked(long pid) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                if (waitsFor(thread).contains("pipe_write")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String waitsFor(Path thread) {
        try {
            return Files.readString(thread.resolve("wchan"));
        } catch (IOException _) {
            return ""; // it has ended meanwhile
        }
    }

    /** As a program that shares it can make it, such as node at the other end of ssh. */
    @Test
    void aNonBlockingStdoutThatIsFullLosesNothing() throws Exception {
        int lines = 3000;
        String line = "{\"seq\":1,\"time\":\"2026-03-01T09:30:00.523Z\",\"rank\":1,\"text\":\"a\"}";
        FakeDaemon daemon = FakeDaemon.withOnePool("k3vd7q2m");
        daemon.on(
                "GET /pools/k3vd7q2m/logs",
                200,
                "{\"lines\":[" + String.join(",", Collections.nCopies(lines, line))
                        + "],\"last_seq\":1,\"dropped\":0}");
        String script = "{ dd oflag=nonblock count=0 2>&-; \"$@\"; echo code $? >&2; }"
                + " | { while [ ! -e \"$0\" ]; do sleep 0.05; done; cat; }";
        Path go = site.folder().resolve("go");
        String mark = site.folder().toString();
        List<String> command = List.of(
                "sh",
                "-c",
                script,
                go.toString(),
                Programs.tpctl(),
                "logs",
                "-o",
                "json",
                "--host",
                daemon.url(),
                "--token-file",
                daemon.tokenFile().toString());
        try (ProgramProcess all = ProgramProcess.command(Map.of(MARK, mark), command)) {
            await().atMost(ProgramProcess.LIMIT).until(() -> {
                for (Processes.Running one : Processes.with(MARK + "=" + mark)) {
                    if (one.commandLine().contains("ops.Tpctl") && isBlocked(one.pid())) {
                        return true;
                    }
                }
                return false;
            });
            Files.createFile(go);
            assertThat(all.exitCode()).isZero();
            assertThat(all.stdout()).hasSize(lines);
            assertThat(all.stderr()).contains("code 0");
        } finally {
            daemon.close();
            Files.delete(daemon.tokenFile());
        }
    }

    @Test
    void aNamedPipeWhoseReaderIsGoneIsNotWaitedFor() {
        String script = "mkfifo \"$1/out\"; exec 7<>\"$1/out\" 8>\"$1/out\" 7>&-; exec \"$0\" --version >&8";
        List<String> command =
                List.of("sh", "-c", script, Programs.tpctl(), site.folder().toString());
        try (ProgramProcess tpctl = ProgramProcess.command(Map.of(), command)) {
            assertThat(tpctl.exitCode()).isZero();
            assertThat(tpctl.stderr()).isEmpty();
        }
    }

    @Test
    void controlCEndsEndlessPingsAndWhatFollowsAPool() throws Exception {
        String id = site.up();
        site.call("init");
        for (String[] arguments : List.of(
                new String[] {"ping", id, "-c", "0", "-i", "1ms"},
                new String[] {"logs", "-f", id},
                new String[] {"events", "-f", id})) {
            Path folder = Files.createTempDirectory(site.folder(), "pipe");
            try (ProgramProcess blocked = tpctl(FullPipe.asStdout(folder), Map.of(), arguments)) {
                awaitBlocked(blocked);
                blocked.signal("INT");
                assertThat(blocked.exitCode()).isEqualTo(ExitCode.signal(2));
            }
        }
    }

    @Test
    void controlCEndsTheWorkersOfADemo() throws Exception {
        String mark = site.folder().toString();
        try (ProgramProcess blocked = tpctl(FullPipe.asStdout(site.folder()), Map.of(MARK, mark), "demo")) {
            awaitBlocked(blocked);
            long signalled = System.nanoTime();
            blocked.signal("INT");
            assertThat(blocked.exitCode()).isEqualTo(ExitCode.signal(2));
            assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(SOON);
            await().atMost(ProgramProcess.LIMIT)
                    .until(() -> Processes.with(MARK + "=" + mark).isEmpty());
        }
    }

    @Test
    void controlCTakesDownWhatUpHasStarted() throws Exception {
        try (ProgramProcess blocked =
                tpctl(FullPipe.asStdout(site.folder()), Map.of(), "up", "--communicator", "loopback")) {
            awaitBlocked(blocked);
            blocked.signal("INT");
            site.awaitNothingLeft();
        }
    }

    @Test
    void aStderrThatIsFullKeepsNothingFromItsEnd() {
        try (ProgramProcess wrong = tpctl(FullPipe.asStderr(site.folder()), Map.of(), "nonsense")) {
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
        }
    }
}
