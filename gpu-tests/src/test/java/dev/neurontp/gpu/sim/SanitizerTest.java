package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stand-in touches no memory that is not its own, loses none, and its threads do not race. */
@SimTest
class SanitizerTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"address,undefined", "thread"})
    void theSmokeProgramPassesUnderTheSanitizer(String sanitizer) throws Exception {
        Process check = new ProcessBuilder(
                        "sh", StandIn.SOURCES.resolve("check.sh").toString(), folder.toString(), sanitizer)
                .redirectErrorStream(true)
                .start();

        String output = String.join("\n", check.inputReader().lines().toList());

        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output).endsWith("smoke passed");
        assertThat(check.exitValue()).as(output).isZero();
    }
}
