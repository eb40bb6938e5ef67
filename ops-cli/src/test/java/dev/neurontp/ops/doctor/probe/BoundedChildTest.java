package dev.neurontp.ops.doctor.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process in state D, as one whose driver hangs: who calls vfork waits in the kernel until its child is gone. */
class BoundedChildTest {
    private static final Pattern PID = Pattern.compile("pid (\\d+) did not end within");

    /** The child goes with its parent. */
    private static final String PROGRAM = """
            #define _GNU_SOURCE
            #include <signal.h>
            #include <stdio.h>
            #include <sys/prctl.h>
            #include <unistd.h>
            int main(void) {
                puts("asking=the driver");
                fflush(stdout);
                if (vfork() == 0) {
                    prctl(PR_SET_PDEATHSIG, SIGKILL);
                    for (;;) pause();
                }
                return 0;
            }
            """;

    @TempDir
    private Path folder;

    private Path compiled() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("hang.c"), PROGRAM);
        Path program = folder.resolve("hang");
        try {
            Process gcc = new ProcessBuilder("gcc", "-o", program.toString(), source.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("gcc.out").toFile())
                    .start();
            assertThat(gcc.waitFor())
                    .as(Files.readString(folder.resolve("gcc.out")))
                    .isZero();
        } catch (IOException e) {
            assumeTrue(false, "SKIPPED: there is no gcc: " + e.getMessage());
        }
        return program;
    }

    @Test
    void aProcessInStateDIsTheFindingWithItsStateAndPlace() throws Exception {
        Answer answer = Answer.of(BoundedChild.run(List.of(compiled().toString()), Duration.ofSeconds(3)));

        assertThat(answer.hang()).hasValueSatisfying(where -> {
            assertThat(where)
                    .contains("did not end within 3 s", "(thread hang: state D", "; it was killed")
                    .endsWith(", while asked for the driver");
            Matcher pid = PID.matcher(where);
            assertThat(pid.find()).isTrue();
            assertThat(ProcessHandle.of(Long.parseLong(pid.group(1)))).isEmpty();
        });
        assertThat(answer.problem()).isEqualTo(answer.hang());
    }
}
