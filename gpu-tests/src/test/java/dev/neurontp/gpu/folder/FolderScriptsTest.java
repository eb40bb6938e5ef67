package dev.neurontp.gpu.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the folder for GPU hosts where its Java cannot start: that says nothing about the host's GPUs. */
class FolderScriptsTest {
    private static final int COULD_NOT_RUN = 3;

    @TempDir
    private Path folder;

    /** As of a folder that is named by a time. */
    @ParameterizedTest
    @ValueSource(strings = {"run-all", "run-gpu-tests", "run-gpu-tests --require-gpu"})
    void aColonInTheNameOfTheFolderIsNamed(String words) throws Exception {
        assertThat(run("2026-11-30T10:00", "exec", words)).contains("has a colon in its name", "Move it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run-all", "run-gpu-tests", "run-gpu-tests --require-gpu"})
    void aJavaThatDoesNotStartIsNoMissingGpuAndNoFailedTest(String words) throws Exception {
        assertThat(run("tests", "ulimit -v 200000; exec", words))
                .contains("its Java does not start here")
                .doesNotContain("no GPU");
    }

    /** What it says, all of it; with the JDK of this test as its runtime. */
    private String run(String name, String how, String words) throws IOException, InterruptedException {
        Path made = Files.createDirectory(folder.resolve(name));
        for (String script : List.of("run-all", "run-gpu-tests", "common.sh")) {
            Files.copy(Programs.root().resolve("gpu-tests/src/folder").resolve(script), made.resolve(script));
        }
        Files.createSymbolicLink(made.resolve("runtime"), Path.of(System.getProperty("java.home")));
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder("sh", "-c", how + " sh \"$0/\"" + words, made.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isEqualTo(COULD_NOT_RUN);
        return Files.readString(said);
    }
}
