package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.testing.SmallFileSystem;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder for reports is made, tried and, where it cannot be used, refused before the run, with the path that is at fault. */
class OutputFolderTest {
    @TempDir
    private Path folder;

    @Test
    void itIsCreatedAndNothingIsLeftInIt() {
        Path deep = folder.resolve("a/b");
        OutputFolder.require("--report", deep, deep);
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void whereAFileStandsAboveItThatIsNamed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path below = file.resolve("reports");
        assertThatThrownBy(() -> OutputFolder.require("--report", below, below))
                .hasMessageContaining("--report " + below + ": nothing can be written there (")
                .hasMessageContaining(file.toString())
                .hasMessageContaining("give another place");
    }

    /** A folder that is there, and into which not one file goes. */
    @Test
    void itIsTriedByAFile() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            full.takeAllInodes();
            assertThatThrownBy(() -> OutputFolder.require("--report", full.path(), full.path()))
                    .hasMessageContaining("No space left");
        }
    }

    /** A file takes no room until something is written to it. */
    @Test
    void itIsTriedByBytes() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("small"))) {
            full.fill();
            Files.createFile(full.path().resolve("possible"));
            assertThatThrownBy(() -> OutputFolder.require("--report", full.path(), full.path()))
                    .hasMessageContaining("No space left");
        }
    }

    @Test
    void thePathAtFaultIsNamed() {
        assertThat(OutputFolder.reason(new NoSuchFileException("/gone/away")))
                .isEqualTo("/gone/away is not there and cannot be created");
        assertThat(OutputFolder.reason(new AccessDeniedException("/not/yours")))
                .isEqualTo("no permission for /not/yours");
    }
}
