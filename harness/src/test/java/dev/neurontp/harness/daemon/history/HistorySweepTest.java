package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons that start at the same time remove the same leftovers. */
class HistorySweepTest {
    @TempDir
    private Path state;

    @Test
    void aFileThatAnotherDaemonHasJustRemovedIsNoProblem() throws Exception {
        HistoryFolder history = new HistoryFolder(state);
        history.open();
        Path old = Files.writeString(history.events("aaaaaaaa"), "");
        history.sweep(List.of(history.lines("bbbbbbbb"), old), Instant.now().plus(Duration.ofHours(2)));
        assertThat(old).doesNotExist();
    }
}
