package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code own_runtime_folder} of bin/build.sh: a build that is ended, as by Ctrl-C or timeout, leaves nothing. Some sh do nothing at such an end. */
@Timeout(60)
class EndedBuildIT {
    @ParameterizedTest
    @CsvSource({"HUP, 129", "INT, 130", "TERM, 143"})
    void aBuildThatIsEndedLeavesNoFolder(String signal, int code) throws Exception {
        String script =
                "set -eu; program=test; . \"$1/bin/build.sh\"; own_runtime_folder; echo \"$training_home\"; sleep 300; :";
        Process build = new ProcessBuilder(
                        "env",
                        "--default-signal=HUP,INT,TERM",
                        "setsid",
                        "sh",
                        "-c",
                        script,
                        "sh",
                        Programs.root().toString())
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
