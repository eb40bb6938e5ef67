package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** {@code tpctl conformance run --launched} on a small worker, right and wrong, over a launcher. */
final class LaunchedJudge {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private LaunchedJudge() {}

    /** The right one passes, and the wrong one is found to be wrong in what it does, and in nothing else. */
    static void judges(Function<List<String>, ProgramProcess> start, List<String> launcher) {
        Path worker = Programs.root().resolve("conformance-tests/target/fleet/worker");
        assumeTrue(Files.isExecutable(worker), "there is no worker in C: gcc is missing");
        List<String> right = Programs.concat(launcher, worker.toString(), "--stage", "7a-i");
        try (ProgramProcess run = judge(start, right)) {
            assertThat(run.exitCode(LIMIT))
                    .as(String.join("\n", run.stdout()) + run.stderr())
                    .isZero();
            assertThat(String.join("\n", run.stdout())).contains("PASSED", "launched", " 0 failed");
        }
        try (ProgramProcess run = judge(start, Programs.concat(right, "--faults", "exit-1-at-eof"))) {
            assertThat(run.exitCode(LIMIT)).as(run.stderr()).isEqualTo(1);
            String all = String.join("\n", run.stdout());
            assertThat(run.stdout())
                    .as(all)
                    .filteredOn(line -> line.matches("FAILED +[A-Z]\\d.*"))
                    .isNotEmpty()
                    .allMatch(line -> line.matches("FAILED +L1[.].*"));
        }
    }

    private static ProgramProcess judge(Function<List<String>, ProgramProcess> start, List<String> command) {
        List<String> judge = List.of(Programs.tpctl(), "conformance", "run", "--launched", "--strict", "--tries", "20");
        List<String> line = Programs.concat(judge, "--seed", "1", "--");
        return start.apply(Programs.concat(line, command.toArray(String[]::new)))
                .closeStdin();
    }
}
