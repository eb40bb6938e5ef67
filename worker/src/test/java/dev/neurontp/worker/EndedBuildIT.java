package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script of the build or of a package that is ended, as by Ctrl-C or timeout, leaves nothing. Some sh do nothing at such an end. */
@Timeout(60)
class EndedBuildIT {
    private static final String COMMON =
            "set -eu; neurontp_program=test neurontp_root=$1; . \"$neurontp_root/bin/common.sh\"; ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void theFolderOfATrainingGoes(String signal, int code) throws Exception {
        leavesNothing(
                COMMON
                        + ". \"$neurontp_root/bin/build.sh\"; own_runtime_folder; echo \"$neurontp_training_home\"; sleep 300; :",
                signal,
                code);
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void whatAPackageWasUnpackedToGoes(String signal, int code) throws Exception {
        Path top = Files.createDirectory(folder.resolve("neurontp-1-linux-x64"));
        Files.createFile(top.resolve("LICENSE"));
        Process tar = new ProcessBuilder(
                        "tar",
                        "-C",
                        folder.toString(),
                        "-czf",
                        "made.tar.gz",
                        top.getFileName().toString())
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        leavesNothing(
                COMMON
                        + ". \"$neurontp_root/packaging/facts.sh\"; open_package \"$2/made.tar.gz\" \"$2/out\"; echo \"$staging\"; sleep 300; :",
                signal,
                code);
    }

    /** The script prints the folder that it has made, and waits. */
    private void leavesNothing(String script, String signal, int code) throws Exception {
        Process build = new ProcessBuilder(
                        "env",
                        "--default-signal=HUP,INT,TERM",
                        "setsid",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        Programs.root().toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = build.inputReader()) {
            Path made = Path.of(said.readLine());
            assertThat(made).isDirectory();
            new ProcessBuilder("kill", "-" + signal, "--", "-" + build.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(build.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(build.exitValue()).isEqualTo(code);
            assertThat(made).doesNotExist();
        } finally {
            build.destroyForcibly();
        }
    }
}
