package dev.neurontp.ops.doctor.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    /** Runs a program that waits for its FIFO. */
    static final class Prober {
        private Prober() {}

        public static void main(String[] arguments) throws InterruptedException {
            List<String> command = List.of("sh", "-c", "echo > \"$1\"/started; cat \"$1\"/fifo", "sh", arguments[0]);
            ChildEnd end = BoundedChild.run(command, Duration.ofSeconds(3));
            System.out.println(end.succeeded() + " " + end.output().strip() + end.problem());
        }
    }

    /** As with Ctrl-Z, or in a paused container, where the child stands still too. */
    @Test
    void timeInWhichThisStoodStillItselfIsNotTheChilds() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        List<String> command =
                Programs.java("-cp", System.getProperty("java.class.path"), Prober.class.getName(), folder.toString());
        try (ProgramProcess prober = ProgramProcess.command(Map.of(), command)) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(folder.resolve("started")));
            prober.signal("STOP");
            Thread.sleep(Duration.ofSeconds(5));
            prober.signal("CONT");
            // What a probe that gives up takes to kill its child, and less than the bound.
            assertThat(prober.process().waitFor(1, TimeUnit.SECONDS)).isFalse();
            Files.writeString(fifo, "still here\n");
            assertThat(prober.line()).isEqualTo("true still here");
        }
    }

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
