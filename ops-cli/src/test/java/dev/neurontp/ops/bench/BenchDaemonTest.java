package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.LeaderMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BenchDaemonTest {

    @Test
    void aDaemonThatCannotBeStartedLeavesNoFolderBehind() throws IOException {
        List<Path> before = folders();
        assertThatThrownBy(() -> BenchDaemon.start(List.of("/no/such/neuron"))).isInstanceOf(IOException.class);
        assertThat(folders()).isEqualTo(before);
    }

    /** Those of this process. */
    private static List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(folder ->
                            folder.getFileName().toString().startsWith("tpctl-bench-" + LeaderMark.ofThisProcess()))
                    .toList();
        }
    }
}
