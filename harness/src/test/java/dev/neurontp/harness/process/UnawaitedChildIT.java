package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child that Java could start, but not the thread that waits for it, is no zombie of this process. */
@Timeout(120)
class UnawaitedChildIT {
    /** The limit does not bind root. One that runs nothing else meanwhile. */
    private static final List<String> USER = List.of("setpriv", "--reuid=65527", "--regid=65527", "--clear-groups");

    private static void room(ProgramProcess program, int room) throws Exception {
        long threads;
        try (var tasks = Files.list(Path.of("/proc", String.valueOf(program.pid()), "task"))) {
            threads = tasks.count();
        }
        List<String> command =
                Programs.concat(USER, "prlimit", "--pid=" + program.pid(), "--nproc=" + (threads + room) + ":");
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void itIsEndedAndReaped() throws Exception {
        String classes = System.getProperty("java.class.path");
        assumeTrue(
                Programs.runs(Programs.concat(USER, "test", "-r", classes.split(":", 2)[0])),
                "SKIPPED: another user cannot be, or cannot read " + classes.split(":", 2)[0]);
        // No thread of the compiler comes and goes.
        List<String> java = Programs.java(
                "-Xint",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes,
                UnawaitedChildProgram.class.getName());
        try (ProgramProcess program =
                ProgramProcess.command(Map.of(), Programs.concat(USER, java.toArray(String[]::new)))) {
            assertThat(program.line()).isEqualTo("ready");
            List<String> said = new ArrayList<>();
            for (int room = 0; room < 6 && !said.contains("started"); room++) {
                room(program, room);
                said.add(program.ask("start"));
            }
            assertThat(said).contains("unawaited []", "started").allMatch(one -> one.matches("\\w+( \\[])?"));
            program.closeStdin();
            assertThat(program.exitCode()).isZero();
        }
    }
}
