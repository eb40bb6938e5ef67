package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons that start at the same time remove the same leftovers. */
class TemporaryFilesTest {
    @TempDir
    private Path folder;

    @Test
    void aFileThatAnotherDaemonHasJustRemovedIsNoProblem() throws Exception {
        Path old = Files.writeString(folder.resolve(".token.4242"), "");
        TemporaryFiles.sweep(
                List.of(folder.resolve(".token.4241"), old), Instant.now().plus(Duration.ofHours(2)));
        assertThat(old).doesNotExist();
    }
}
