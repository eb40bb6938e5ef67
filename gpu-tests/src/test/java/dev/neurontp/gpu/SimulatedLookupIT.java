package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the libraries are found, and JCuda's own. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedLookupIT {
    private static final Duration EXIT = Duration.ofSeconds(20);
    private static final String JOINED = "{\"op\":\"init_ok\"}";

    @TempDir
    Path folder;

    private static Path standIn(String library) {
        return Path.of(Simulation.HOST.environment().get(library));
    }

    private static NcclGroup.Builder found(Map<String, String> environment) {
        return NcclGroup.of(new NcclHost(environment, Simulation.HOST.facts()), 1);
    }

    @Test
    void theLoadersPathIsLookedAt() throws IOException, InterruptedException {
        String path = standIn("NEURON_NCCL_LIBRARY").getParent().toString();
        try (NcclGroup group = found(Map.of("LD_LIBRARY_PATH", path)).start()) {
            assertThat(group.init()).containsExactly(JOINED);
        }
    }

    @Test
    void aPythonWheelIsLookedAt() throws IOException, InterruptedException {
        Path wheel = Files.createDirectories(folder.resolve("lib/python3.12/site-packages/nvidia/nccl/lib"));
        Files.copy(standIn("NEURON_NCCL_LIBRARY"), wheel.resolve("libnccl.so.2"));
        Map<String, String> environment = Map.of(
                "VIRTUAL_ENV", folder.toString(),
                "NEURON_CUDA_LIBRARY", standIn("NEURON_CUDA_LIBRARY").toString());
        try (NcclGroup group = found(environment).start()) {
            assertThat(group.init()).containsExactly(JOINED);
            assertThat(group.end(EXIT)).containsExactly(0);
            assertThat(group.rank(0).stderr()).contains(wheel.toString());
        }
    }

    @Test
    void aSettingThatNamesNoFileIsNotReplacedByWhatElseIsThere() throws IOException, InterruptedException {
        String path = standIn("NEURON_NCCL_LIBRARY").getParent().toString();
        Map<String, String> environment = Map.of(
                "LD_LIBRARY_PATH",
                path,
                "NEURON_NCCL_LIBRARY",
                folder.resolve("none").toString());
        try (ProgramProcess rank = ProgramProcess.worker(environment, "nccl", 0, 1, 0)) {
            rank.send("{\"op\":\"nccl_sanity_check\"}");

            assertThat(rank.line(EXIT))
                    .contains("cuda_feature_not_enabled", "libnccl.so.2 is not there: no file " + folder);
        }
    }

    /** A program that embeds the worker has no launcher to point at JCuda's library: many such start at once. */
    @Test
    void manyEmbeddingProgramsUnpackJcudasLibraryOnceAndForThemselvesAlone() throws IOException, InterruptedException {
        assumeTrue(
                System.getProperty("java.class.path").contains("jcuda-natives"),
                "SKIPPED: the folder for GPU hosts has JCuda's library unpacked already");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        List<ProgramProcess> ranks = new ArrayList<>();
        try (ProgramProcess creator = ProgramProcess.neuron(Simulation.HOST.environment(), "--comm-id")) {
            String commId = creator.line(EXIT);
            for (int rank = 0; rank < 4; rank++) {
                ranks.add(embedding(rank, 4, temporary));
            }
            ranks.forEach(rank -> rank.send("{\"op\":\"init\",\"comm_id\":\"" + commId + "\"}"));
            for (ProgramProcess rank : ranks) {
                assertThat(rank.line(NcclGroup.TIMEOUT)).isEqualTo(JOINED);
            }
        } finally {
            for (ProgramProcess rank : ranks) {
                rank.close();
            }
        }

        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left).containsExactly(temporary);
        }
        Path kept = folder.resolve("cache/neurontp");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.walk(kept)) {
            assertThat(files.filter(Files::isRegularFile))
                    .singleElement()
                    .satisfies(file -> assertThat(file.getFileName().toString()).startsWith("libJCudaDriver-"));
        }
    }

    private ProgramProcess embedding(int rank, int worldSize, Path temporary) throws IOException {
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        return ProgramProcess.command(
                environment,
                Programs.java(
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.neurontp.worker.WorkerMain",
                        "--worker",
                        "--rank=" + rank,
                        "--tp-size=" + worldSize,
                        "--cuda-device=" + rank));
    }
}
