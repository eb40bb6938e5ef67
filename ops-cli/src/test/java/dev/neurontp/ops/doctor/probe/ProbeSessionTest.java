package dev.neurontp.ops.doctor.probe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the program that asks the driver prints, or a library in it, nobody waits longer than the question may take. */
@Timeout(60)
class ProbeSessionTest {
    @TempDir
    private Path folder;

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void anAnswerEndsWithItsLastLine() throws Exception {
        try (ProbeSession session = start("while read question; do echo a=1; echo end=; echo more=2; done")) {
            assertThat(session.ask(LONG).facts().is("a", 1)).isTrue();
        }
    }

    @Test
    void aProgramThatNeverStopsTalkingIsNotHeardForEver() throws Exception {
        try (ProbeSession session = start("yes a=1")) {
            assertThat(session.ask(SHORT).problem()).isPresent();
        }
    }

    @Test
    void aLineWithoutAnEndIsReadUpToABound() throws Exception {
        try (ProbeSession session = start("tr '\\0' a </dev/zero")) {
            assertThat(session.ask(LONG).problem().orElseThrow()).contains("a line of more than 65536 bytes");
        }
    }

    @Test
    void aQuestionThatNobodyWaitsForAnyMoreIsGivenUpAndIsNoHang() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        try (ProbeSession session = start("while read question; do sleep 0.2; echo end=; exec sleep 60; done")) {
            assertThat(session.ask(LONG, stopped::get).problem()).isEmpty();
            Deadline since = Deadline.in(LONG);
            DaemonThread.start("stop", () -> stopped.set(true));
            Answer answer = session.ask(LONG, stopped::get);
            assertThat(answer.problem()).hasValue(ProbeSession.GIVEN_UP);
            assertThat(answer.hang()).isEmpty();
            assertThat(session.ask(LONG)).as("it is over").isSameAs(answer);
            assertThat(since.elapsed()).isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Asks a program that answers when its FIFO is written to. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] arguments) throws Exception {
            String script =
                    "read question; echo > " + arguments[0] + "/asked; cat " + arguments[0] + "/fifo; echo end=1";
            try (ProbeSession session = ProbeSessionTest.start(script)) {
                Answer answer = session.ask(Duration.ofSeconds(3));
                System.out.println(answer.problem().orElse("answered") + " "
                        + answer.hang().isPresent());
            }
        }
    }

    /** As with Ctrl-Z, or in a paused container, where the program stands still too. */
    @Test
    void timeInWhichThisStoodStillItselfIsNotTheProbes() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        List<String> command =
                Programs.java("-cp", System.getProperty("java.class.path"), Asker.class.getName(), folder.toString());
        try (ProgramProcess asker = ProgramProcess.command(Map.of(), command)) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(folder.resolve("asked")));
            asker.signal("STOP");
            Thread.sleep(Duration.ofSeconds(5));
            // Before it goes on: the answer lies in the pipe.
            Files.writeString(fifo, "a=1\n");
            asker.signal("CONT");
            assertThat(asker.line()).isEqualTo("answered false");
        }
    }

    /** Starts a session for each number of threads that the host may still give. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            Path group = Path.of(arguments[0]);
            int refused = 0;
            for (int free = 0; free < 12; free++) {
                long now = Long.parseLong(
                        Files.readString(group.resolve("pids.current")).strip());
                Files.writeString(group.resolve("pids.max"), Long.toString(now + free));
                try (ProbeSession session = ProbeSessionTest.start("exec sleep 600")) {
                    requireNonNull(session, "session is null");
                } catch (IOException _) {
                    refused++;
                } finally {
                    Files.writeString(group.resolve("pids.max"), "max");
                }
                await().until(() -> ProcessHandle.current()
                        .children()
                        .noneMatch(
                                child -> child.info().commandLine().orElse("").contains("sleep 600")));
            }
            System.out.println(refused > 0 && refused < 12 ? "refused, and nothing is left" : "refused " + refused);
        }
    }

    @Test
    void whereTheHostGivesNoThreadForItNothingStays() throws Exception {
        Path groups = Path.of("/sys/fs/cgroup/pids");
        assumeTrue(Files.isWritable(groups), "SKIPPED: this user may not make control groups of version 1 here");
        Path group = Files.createDirectory(groups.resolve("neurontp-" + UUID.randomUUID()));
        List<String> java = Programs.java(
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName(),
                group.toString());
        List<String> inside = List.of("sh", "-c", "echo 0 >" + group + "/cgroup.procs && exec \"$@\"", "sh");
        try (ProgramProcess starter = ProgramProcess.command(
                Map.of(), Stream.concat(inside.stream(), java.stream()).toList())) {
            assertThat(starter.line()).isEqualTo("refused, and nothing is left");
        } finally {
            await().until(() -> Files.readString(group.resolve("cgroup.procs")).isBlank());
            Files.delete(group);
        }
    }

    private static ProbeSession start(String script) throws IOException {
        return ProbeSession.start(new ProcessBuilder("/bin/sh", "-c", script), "end");
    }
}
