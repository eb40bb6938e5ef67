package dev.neurontp.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.ops.doctor.check.Check;
import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Finding;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A doctor that was stopped itself (Ctrl-Z, a paused container) and goes on does not call the host hung for that time. */
@Timeout(120)
class StoppedDoctorTest {
    /** More than one row may take. */
    private static final Duration ROW = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    private Path fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
    }

    /** Looks at two rows, of which the first waits for its FIFO. */
    static final class Rows {
        private Rows() {}

        public static void main(String[] arguments) throws InterruptedException {
            Answer silent = Answer.notAsked("nobody asked");
            Host host = Host.ofThisProcess(new KernelLog.Reading.Unreadable("nobody asked"));
            List<Check> checks = List.of(
                    new Check(Row.D35, _ -> Finding.ok(read(Path.of(arguments[0])))),
                    new Check(Row.D37, _ -> Finding.ok("the next one")));
            print(Examination.of(checks, new Evidence(host, Wanted.ANYTHING, silent, silent)));
        }

        private static String read(Path folder) {
            try {
                Files.createFile(folder.resolve("started"));
                return Files.readString(folder.resolve("fifo")).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Examines this host. */
    static final class Whole {
        private Whole() {}

        public static void main(String[] arguments) throws InterruptedException {
            print(Doctor.examine(Wanted.ANYTHING, EnumSet.allOf(Row.class), false)
                    .results());
        }
    }

    private static void print(List<Result> results) {
        results.forEach(result -> System.out.println(result.row() + " "
                + result.finding().level() + " " + result.finding().seen()));
    }

    @Test
    void theTimeIsNeitherThatOfTheRowNorOfTheNextOne() throws Exception {
        try (ProgramProcess rows = program(Map.of(), Rows.class)) {
            standStill(rows, ROW);
            Files.writeString(fifo, "still here\n");
            assertThat(rows.rest(ProgramProcess.LIMIT)).containsExactly("D35 OK still here", "D37 OK the next one");
        }
    }

    /** While it waits for dmesg, for longer than the driver may take to answer twice. */
    @Test
    @Tag("long")
    void theTimeIsThatOfNoRow() throws Exception {
        Path dmesg = Files.writeString(folder.resolve("dmesg"), """
                #!/bin/sh
                echo > %1$s/started
                cat %1$s/fifo
                """.formatted(folder));
        assertThat(dmesg.toFile().setExecutable(true)).isTrue();
        Map<String, String> path = Map.of("PATH", folder + ":" + System.getenv("PATH"));
        Duration whole = DriverProbes.bound(0).multipliedBy(2).plus(ROW);
        try (ProgramProcess doctor = program(path, Whole.class)) {
            standStill(doctor, whole);
            Files.writeString(fifo, "[    0.000000] Linux\n");
            assertThat(doctor.rest(ProgramProcess.LIMIT))
                    .hasSameSizeAs(Row.values())
                    .noneMatch(line -> line.contains("HUNG"));
        }
    }

    private ProgramProcess program(Map<String, String> environment, Class<?> main) {
        return ProgramProcess.command(
                environment,
                Programs.java("-cp", System.getProperty("java.class.path"), main.getName(), folder.toString()));
    }

    private void standStill(ProgramProcess program, Duration time) throws InterruptedException {
        await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(folder.resolve("started")));
        program.signal("STOP");
        Thread.sleep(time);
        program.signal("CONT");
    }
}
