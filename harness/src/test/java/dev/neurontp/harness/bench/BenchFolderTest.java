package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.LeaderMark;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A bench that got SIGKILL cannot remove its folder, so the next one does. */
class BenchFolderTest {
    @Test
    void theFolderOfAKilledBenchGoesAndNoOther() throws Exception {
        Path own = BenchFolder.create();
        Path killed = own.resolveSibling("tpctl-bench-" + LeaderMark.ofThisProcess() + "1-2");
        Path foreign = own.resolveSibling("tpctl-bench-" + own.getFileName().hashCode());
        Path kept = Files.createFile(own.resolve("kept"));
        try {
            Files.createFile(Files.createDirectories(killed.resolve("state")).resolve("file"));
            Files.createSymbolicLink(killed.resolve("link"), own);
            Files.createDirectory(foreign);
            BenchFolder.remove(BenchFolder.create());
            assertThat(killed).doesNotExist();
            assertThat(foreign).exists();
            assertThat(kept).exists();
        } finally {
            BenchFolder.remove(own);
            BenchFolder.remove(foreign);
        }
    }
}
