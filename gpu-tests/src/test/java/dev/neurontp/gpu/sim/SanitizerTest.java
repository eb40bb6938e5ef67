package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in touches no memory that is not its own, loses none, and its threads do not race. */
@Tag("long")
@SimTest
class SanitizerTest {
    @TempDir
    private Path folder;

    @Test
    void itTouchesNoMemoryThatIsNotItsOwn() throws Exception {
        passesUnder("address,undefined");
    }

    @Tag("soak")
    @Test
    void itsThreadsDoNotRace() throws Exception {
        passesUnder("thread");
    }

    private void passesUnder(String sanitizer) throws Exception {
        Process check = new ProcessBuilder(
                        "sh", SimulatedLibraries.SOURCES.resolve("check.sh").toString(), folder.toString(), sanitizer)
                .redirectErrorStream(true)
                .start();

        String output = String.join("\n", check.inputReader().lines().toList());

        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output).endsWith("smoke passed");
        assertThat(check.exitValue()).as(output).isZero();
    }
}
