package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard's script, with a folder for /proc: the kernel shows no environment that hangs on demand. */
@Timeout(120)
class WorkerGuardTest {
    /** That has no processes. */
    private static final List<String> AS_ANOTHER_USER =
            List.of("setpriv", "--reuid=64738", "--regid=64738", "--clear-groups");

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
            Process guard = guard();
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(guard.waitFor(20, TimeUnit.SECONDS)).as("its bound").isTrue();
            assertThat(other.isAlive()).isTrue();
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
            Process guard = guard(2);
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(guard.waitFor(40, TimeUnit.SECONDS)).as("its bound").isTrue();
            await().atMost(Duration.ofSeconds(50))
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

    /** A look takes a second, so that the end of the first sleep is seen before the second one's. */
    @Test
    void whoEndsByItselfInTimeIsNotEnded() throws Exception {
        Process quick = process("MARK=4711-1-", "sh", "-c", "read go");
        Process guard = guard(30);
        assertThat(guard.waitFor(1500, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(quick.isAlive()).isTrue();
        quick.getOutputStream().close();
        assertThat(guard.waitFor(20, TimeUnit.SECONDS))
                .as("goes before its time")
                .isTrue();
        assertThat(quick.exitValue()).isEqualTo(1);
    }

    @Test
    void whoDoesNotIsEndedThen() throws Exception {
        Process worker = worker("MARK=4711-1-");
        try {
            guard(1);
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            worker.destroyForcibly();
        }
    }

    /** As on a host without a grep that knows -z. */
    @Test
    void theShellAloneEndsThemWhereThereIsNoGrep() throws Exception {
        Process worker = worker("MARK=4711-1-");
        isEndedByTheShellAlone(worker, guard(0, "env", "PATH=" + proc));
    }

    /** A limit on processes is reached, as by workers that leak them: the shell ends at its first step that needs one. */
    @Test
    void theShellAloneEndsThemWhereTheHostGivesNoProcess() throws Exception {
        assumeTrue(
                Programs.runs(Programs.concat(AS_ANOTHER_USER, "true")),
                "SKIPPED: only root can be another user here, by setpriv");
        Files.setPosixFilePermissions(proc, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process worker = process(
                "MARK=4711-1-", Programs.concat(AS_ANOTHER_USER, "sleep", "622").toArray(String[]::new));
        await().until(() -> worker.info().command().orElse("").endsWith("sleep"));
        isEndedByTheShellAlone(
                worker,
                guard(
                        0,
                        Programs.concat(AS_ANOTHER_USER, "prlimit", "--nproc=1:")
                                .toArray(String[]::new)));
    }

    private static void isEndedByTheShellAlone(Process worker, Process guard) throws Exception {
        try {
            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(guard.waitFor(20, TimeUnit.SECONDS)).as("its bound").isTrue();
            assertThat(guard.exitValue()).isNotZero();
        } finally {
            worker.destroyForcibly();
        }
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
            Process guard = byTheShellAlone ? guard(0, "env", "PATH=" + proc) : guard(0);
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
        return process(mark, "sleep", "622");
    }

    private Process process(String mark, String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        environment(process.pid(), mark);
        return process;
    }

    private void environment(long pid, String mark) throws IOException {
        Path folder = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(folder.resolve("environ"), "PATH=/bin\0" + mark + "7\0");
    }

    /** Whose process has ended already. */
    private Process guard() throws IOException {
        return guard(0);
    }

    private Process guard(int grace, String... by) throws IOException {
        String[] shell = {
            "/bin/sh", "-c", WorkerGuard.SCRIPT, "guard", "MARK=4711-1-", proc.toString(), Integer.toString(grace)
        };
        return new ProcessBuilder(Programs.concat(List.of(by), shell))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
