package dev.neurontp.ops.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.client.DaemonEndedException;
import dev.neurontp.ops.client.LiveDaemons;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.testing.MemoryGroup;
import dev.neurontp.testing.SmallFileSystem;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a daemon that has ended by itself is told. */
@Timeout(60)
class DaemonProcessTest {
    @TempDir
    private Path folder;

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    private static DaemonEndedException notDetached(DaemonProcess daemon) {
        return catchThrowableOfType(DaemonEndedException.class, daemon::detach);
    }

    @ParameterizedTest
    @CsvSource({"kill -KILL $$, exit 137 (SIGKILL", "kill -TERM $$, exit 143 (SIGTERM)", "exit 3, exit 3"})
    void oneThatEndsBeforeItIsLeftToRunIsToldWithItsEnd(String script, String end) throws Exception {
        Process process = shell(script);
        process.waitFor();
        Path log = Files.createFile(folder.resolve("up-1.log"));
        DaemonProcess daemon = new DaemonProcess(process, Optional.of(log), DaemonProcess.END);
        CommandException told = daemon.withItsEnd(notDetached(daemon));
        assertThat(told.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(told)
                .hasMessageStartingWith(
                        "the daemon (pid " + process.pid() + ") ended before it was left to run; its end: " + end);
        assertThat(told.next()).endsWith("It wrote nothing into its log, which is removed.");
    }

    @Test
    void theLinesOfALogAreAboveAndTheFileIsNotNamed() throws Exception {
        Process process = shell("exit 3");
        process.waitFor();
        Path log = Files.writeString(folder.resolve("up-1.log"), "why\n");
        DaemonProcess daemon = new DaemonProcess(process, Optional.of(log), DaemonProcess.END);
        assertThat(daemon.withItsEnd(notDetached(daemon)).next())
                .endsWith("The last lines of its log are above; the file is removed.")
                .doesNotContain(log.toString());
    }

    /** The log's own words may be lost then, with or without some before. */
    @ParameterizedTest
    @ValueSource(strings = {"", "some words\n"})
    void aLogOnAFullDiskSaysHowMuchRoomIsLeft(String words) throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            Path log = Files.writeString(full.path().resolve("up-1.log"), words);
            full.fill();
            DaemonProcess daemon = new DaemonProcess(shell("exit 3"), Optional.of(log), DaemonProcess.END);
            LiveDaemons live = new LiveDaemons(RuntimeFolders.only(RuntimeFolder.at(full.path())));
            CommandException atStart =
                    catchThrowableOfType(CommandException.class, () -> daemon.listening(live, Duration.ofSeconds(30)));
            String room = " The file system of " + full.path() + " has 0 bytes left, ";
            assertThat(atStart.next()).contains(room, "NEURON_RUNTIME_DIR");
            assertThat(daemon.withItsEnd(new DaemonEndedException("the daemon ended", null))
                            .next())
                    .contains(room);
            full.makeRoom();
            assertThat(daemon.withItsEnd(new DaemonEndedException("the daemon ended", null))
                            .next())
                    .doesNotContain("bytes left");
        }
    }

    @Test
    void aKillForLackOfMemoryIsToldAsThat() throws Exception {
        try (MemoryGroup group = MemoryGroup.create()) {
            Process process = shell(MemoryGroup.EATER);
            group.take(process.pid());
            DaemonProcess daemon = new DaemonProcess(process, Optional.empty(), DaemonProcess.END);
            daemon.detach();
            DaemonEndedException seen = new DaemonEndedException("the daemon ended", null);
            CommandException told = daemon.withItsEnd(seen);
            assertThat(told).hasMessage("the daemon ended; its end: killed by the kernel: out of memory");
            assertThat(told.next()).contains("Let its control group have more memory");
        }
    }
}
