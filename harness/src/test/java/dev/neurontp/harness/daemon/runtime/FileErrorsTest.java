package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileErrorsTest {
    @TempDir
    Path folder;

    /** As under ulimit -f: more room does not help. */
    @Test
    void aLimitOnTheSizeOfFilesIsNamed() {
        Path file = folder.resolve("token");
        assertThat(FileErrors.notWritten(file, new IOException("File too large")))
                .hasMessageStartingWith(file + " cannot be written: File too large, a limit on the size of files")
                .hasMessageContaining("ulimit -f")
                .message()
                .doesNotContain("bytes left");
        assertThat(FileErrors.notWritten(file, new IOException("Input/output error")))
                .hasMessageEndingWith("bytes left)");
    }
}
