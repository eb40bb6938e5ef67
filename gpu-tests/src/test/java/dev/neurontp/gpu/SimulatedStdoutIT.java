package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NCCL prints to stdout (F5), and JCuda unpacks into the folder for temporary files: neither happens here. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedStdoutIT {
    private static final Duration EXIT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private static void assertFramesAlone(NcclGroup.Builder plan) throws IOException, InterruptedException {
        try (NcclGroup group = plan.start()) {
            assertThat(group.init()).containsOnly("{\"op\":\"init_ok\"}");
            assertThat(group.sanity()).containsOnly("{\"op\":\"nccl_sanity_result\",\"observed_sum\":2}");
            group.end(EXIT);
            for (int rank = 0; rank < 2; rank++) {
                assertThat(group.rank(rank).rest(EXIT)).isEmpty();
                assertThat(group.rank(rank).stderr()).contains("NCCL INFO");
            }
        }
    }

    @Test
    void stdoutStaysPureWithNcclDebugInTheEnvironment() throws IOException, InterruptedException {
        assertFramesAlone(NcclGroup.of(Simulation.HOST, 2).with("NCCL_DEBUG", "INFO"));
    }

    @Test
    void stdoutStaysPureWithNcclDebugInAnNcclConf() throws IOException, InterruptedException {
        Files.writeString(folder.resolve(".nccl.conf"), "NCCL_DEBUG=INFO\n");

        assertFramesAlone(NcclGroup.of(Simulation.HOST, 2).with("HOME", folder.toString()));
    }

    @Test
    void theProcessThatCreatesAnIdPrintsTheIdAlone() throws IOException, InterruptedException {
        NcclGroup.Builder plan = NcclGroup.of(Simulation.HOST, 2).with("NCCL_DEBUG", "INFO");
        try (NcclGroup group = plan.start(0)) {
            assertThat(group.commId()).matches("[0-9a-f]{256}");
        }
    }

    @Test
    void aRankLeavesNothingInTheFolderForTemporaryFiles() throws IOException, InterruptedException {
        NcclGroup.Builder plan = NcclGroup.of(Simulation.HOST, 1)
                .with("TMPDIR", folder.toString())
                .with("NEURON_JAVA_OPTS", "-Djava.io.tmpdir=" + folder);
        try (NcclGroup group = plan.start()) {
            assertThat(group.init()).containsOnly("{\"op\":\"init_ok\"}");
            assertThat(group.end(EXIT)).containsExactly(0);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.toList()).isEmpty();
        }
    }
}
