package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A /proc that was mounted in another pid namespace: a signal to a number of it would reach a bystander. */
class ProcOfOthersTest {
    @TempDir
    private Path proc;

    @Test
    void itIsOursWhereItHasThisProcessByItsOwnNumber() throws IOException {
        Path self = Files.createSymbolicLink(proc.resolve("self"), Path.of("4711"));
        assertThat(ProcFile.isOfOthers(self, 4711)).isFalse();
        assertThat(ProcFile.isOfOthers(self, 17)).isTrue();
        assertThat(ProcFile.isOurs()).isTrue();
    }

    /** As of a process that it does not show at all. */
    @Test
    void itIsNotWhereItHasThisProcessByNone() throws IOException {
        Path self = proc.resolve("self");
        assertThat(ProcFile.isOfOthers(self, 4711)).as("no /proc").isFalse();
        Files.createFile(proc.resolve("stat"));
        assertThat(ProcFile.isOfOthers(self, 4711)).isTrue();
    }
}
