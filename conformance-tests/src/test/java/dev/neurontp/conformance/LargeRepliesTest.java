package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker whose replies are larger than they need be is judged for that, and does not end the judge by it. */
@Timeout(300)
final class LargeRepliesTest {

    /** Thousands of its replies would take several times the memory of this judge. */
    @Test
    void aWorkerThatPadsItsPongsIsAccusedOfThat() throws Exception {
        TestWorkers.worker("padded-pong", "7a-i");
        Process judge = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Judge.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = judge.inputReader()) {
            assertThat(out.readAllAsString()).endsWith("FAILED [O9] PASSED [F4]\n");
            assertThat(judge.waitFor()).isZero();
        } finally {
            judge.destroyForcibly();
        }
    }

    /** The checks with the most replies. */
    static final class Judge {
        private Judge() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            RunReport report = TestWorkers.judge(
                    "padded-pong",
                    "7a-i",
                    List.of("F4.thousands", "F4.slow-reader", "O9.*"),
                    20,
                    Duration.ofSeconds(20),
                    7);
            System.out.println("FAILED " + TestWorkers.rules(report, Verdict.FAILED) + " PASSED "
                    + TestWorkers.rules(report, Verdict.PASSED));
        }
    }
}
