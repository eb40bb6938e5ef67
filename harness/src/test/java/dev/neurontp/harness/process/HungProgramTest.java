package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.testing.HungFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs on a file system that answers nothing. */
@Tag("long")
class HungProgramTest {
    @TempDir
    private Path folder;

    @Test
    void aWorkersProgramIsRefusedWithTheReason() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            String program = hung.path().resolve("worker").toString();
            assertThatThrownBy(() -> WorkerCommand.of(List.of(program)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the worker command '" + program + "' cannot be looked at")
                    .hasMessageContaining("there was no answer within 10.0");
        }
    }

    /** A look at the script goes well; the kernel, which looks for what its first line names, hangs. */
    @Test
    void aStartThatHangsIsEndedWithTheReason() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            Path script = folder.resolve("worker");
            Files.writeString(script, "#!" + hung.path().resolve("python3") + "\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            assertThatThrownBy(() -> ChildProcess.start(new ProcessBuilder(script.toString())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Cannot run program \"" + script + "\"")
                    .hasMessageContaining("its start has not returned for 10 s and was ended");
            assertThat(ProcessTable.read().processes())
                    .filteredOn(process ->
                            process.parent() == ProcessHandle.current().pid())
                    .filteredOn(process -> !process.zombie())
                    .noneMatch(process -> process.name().equals("jspawnhelper"));
        }
    }

    @Test
    void aRunIsNotWaitedForLongerThanItMayTake() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"))) {
            ProcessBuilder builder =
                    new ProcessBuilder(hung.path().resolve("nvidia-smi").toString());
            assertThatThrownBy(
                            () -> BoundedRun.of(builder, Optional.empty(), 1024, Deadline.in(Duration.ofMillis(500))))
                    .isInstanceOf(BoundedAccess.NoAnswerException.class);
        }
    }
}
