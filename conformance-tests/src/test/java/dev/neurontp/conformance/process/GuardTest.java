package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard's script, with a folder for /proc: the kernel shows no environment that hangs on demand. */
@Timeout(120)
class GuardTest {
    @TempDir
    private Path proc;

    /** As that of a process that waits in the kernel for a disk, and whose memory is locked. */
    @Test
    void anEnvironmentThatCannotBeReadKeepsNoOtherFromBeingLookedAt() throws Exception {
        Path hangs = Files.createDirectory(proc.resolve("1")).resolve("environ");
        assertThat(new ProcessBuilder("mkfifo", hangs.toString()).start().waitFor())
                .isZero();
        Process other = worker("OTHER=");
        Process worker = worker("MARK=4711-1-");
        try {
            endsOnlyTheMarked(guard(), worker, other);
        } finally {
            worker.destroyForcibly();
            other.destroyForcibly();
            // Whoever still reads it ends.
            new ProcessBuilder("sh", "-c", "exec timeout 5 sh -c ': >\"$0\"' " + hangs)
                    .start()
                    .waitFor();
        }
    }

    /** A process may have any part of its memory shown as its environment. */
    @Test
    void anEnvironmentThatDoesNotEndIsReadInPart() throws Exception {
        Path endless = Files.createDirectory(proc.resolve("1")).resolve("environ");
        Files.createSymbolicLink(endless, Path.of("/dev/zero"));
        Process worker = worker("MARK=4711-1-");
        try {
            Process guard = guard();
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(guard.waitFor(40, TimeUnit.SECONDS)).as("its bound").isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(50))
                    .until(() -> ProcessHandle.allProcesses()
                            .flatMap(process -> process.info().commandLine().stream())
                            .noneMatch(line -> line.contains(endless.toString())));
        } finally {
            worker.destroyForcibly();
            // Whoever still reads it finds another process there.
            Files.delete(endless);
        }
    }

    /** More than one look at a time takes. */
    @Test
    void allOfManyProcessesAreLookedAt() throws Exception {
        for (int pid = 5_000_001; pid <= 5_000_600; pid++) {
            environment(pid, "OTHER=");
        }
        Process worker = worker("MARK=4711-1-");
        try {
            guard();
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            worker.destroyForcibly();
        }
    }

    /** As on a host without a grep that knows -z, or that gives no process any more. */
    @Test
    void theShellAloneEndsThemWhereThereIsNoGrep() throws Exception {
        Process other = worker("OTHER=");
        Process worker = worker("MARK=4711-1-");
        try {
            endsOnlyTheMarked(guard("env", "PATH=" + proc), worker, other);
        } finally {
            worker.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private static void endsOnlyTheMarked(Process guard, Process worker, Process other) throws Exception {
        assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(guard.waitFor(20, TimeUnit.SECONDS)).as("its bound").isTrue();
        assertThat(other.isAlive()).isTrue();
    }

    /** The others show its environment then. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneWhoseFirstThreadHasEndedIsEndedToo(boolean byTheShellAlone) throws Exception {
        Process other = worker("OTHER=");
        Process worker = worker("MARK=4711-1-");
        try {
            endFirstThread(worker);
            endFirstThread(other);
            Process guard = byTheShellAlone ? guard("env", "PATH=" + proc) : guard();
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(guard.waitFor(20, TimeUnit.SECONDS)).as("its bound").isTrue();
            assertThat(other.isAlive()).isTrue();
        } finally {
            worker.destroyForcibly();
            other.destroyForcibly();
        }
    }

    private void endFirstThread(Process process) throws IOException {
        Path folder = proc.resolve(Long.toString(process.pid()));
        Files.writeString(
                folder.resolve("stat"), process.pid() + " (sleep) Z 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 2 0 77\n");
        Path thread = Files.createDirectories(folder.resolve("task/" + (process.pid() + 1)));
        Files.move(folder.resolve("environ"), thread.resolve("environ"));
        Files.createFile(folder.resolve("environ"));
    }

    private Process worker(String mark) throws IOException {
        Process process = new ProcessBuilder("sleep", "622").start();
        environment(process.pid(), mark);
        return process;
    }

    private void environment(long pid, String mark) throws IOException {
        Path folder = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(folder.resolve("environ"), "PATH=/bin\0" + mark + "7\0");
    }

    /** Whose process has ended already. */
    private Process guard(String... by) throws IOException {
        List<String> command = new ArrayList<>(List.of(by));
        command.addAll(List.of("/bin/sh", "-c", Guard.SCRIPT, "guard", "MARK=4711-1-", proc.toString()));
        return new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
