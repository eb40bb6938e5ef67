package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.testing.HungFileSystem;
import java.nio.file.Path;
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
