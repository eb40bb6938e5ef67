package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds no thread, since the host gave none, holds no place of those that may wait either. */
@Timeout(120)
class BoundedAccessLimitIT {
    /** The limit does not bind root. One that runs nothing else meanwhile. */
    private static final List<String> USER = "root".equals(System.getProperty("user.name"))
            ? List.of("setpriv", "--reuid=65529", "--regid=65529", "--clear-groups")
            : List.of();

    private static void limit(ProgramProcess program, int threads) throws Exception {
        List<String> command = Programs.concat(USER, "prlimit", "--pid=" + program.pid(), "--nproc=" + threads + ":");
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void whereTheHostGivesNoThreadItsPlaceIsFreeAgain() throws Exception {
        String classes = System.getProperty("java.class.path");
        assumeTrue(
                Programs.runs(Programs.concat(USER, "test", "-r", classes.split(":", 2)[0])),
                "SKIPPED: another user cannot read " + classes.split(":", 2)[0]);
        List<String> command = Programs.concat(
                USER,
                Programs.java("-Xlog:disable", "-cp", classes, BoundedAccessProgram.class.getName())
                        .toArray(String[]::new));
        try (ProgramProcess program = ProgramProcess.command(Map.of(), command)) {
            assertThat(program.line()).isEqualTo("done");
            limit(program, 1);
            program.send("3");
            for (int i = 0; i < 3; i++) {
                assertThat(program.line()).contains("limit on processes and threads is reached");
            }
            limit(program, 4096);
            assertThat(program.ask("1")).isEqualTo("done");
            program.closeStdin();
            assertThat(program.exitCode()).isZero();
        }
    }
}
