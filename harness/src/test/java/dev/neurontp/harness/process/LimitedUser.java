package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.util.List;
import java.util.Map;

/**
 * Whose threads can be limited: the limit does not bind root.
 *
 * @param words before a command that is to be this user's; one that runs nothing else meanwhile
 */
record LimitedUser(List<String> words) {
    static LimitedUser of(int uid) {
        return new LimitedUser(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups"));
    }

    /** Starts a program of these tests; skips the test where the user cannot be, or cannot read it. */
    ProgramProcess start(Class<?> program, String... options) throws Exception {
        String classes = System.getProperty("java.class.path");
        assumeTrue(
                Programs.runs(Programs.concat(words, "test", "-r", classes.split(":", 2)[0])),
                "SKIPPED: another user cannot be, or cannot read " + classes.split(":", 2)[0]);
        List<String> arguments = Programs.concat(List.of(options), "-Xlog:disable", "-cp", classes, program.getName());
        return ProgramProcess.command(
                Map.of(),
                Programs.concat(
                        words, Programs.java(arguments.toArray(String[]::new)).toArray(String[]::new)));
    }

    /** How many threads all that it runs may have. */
    void limit(ProgramProcess program, long threads) throws Exception {
        List<String> command = Programs.concat(words, "prlimit", "--pid=" + program.pid(), "--nproc=" + threads + ":");
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
