package dev.neurontp.conformance.junit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The worker of the example, right or made wrong, and judges that do not take long over it. */
final class Worker {

    /** The example's worker, in plain Python. */
    static final Path PROGRAM =
            Path.of("..", "docs", "junit-example", "worker.py").toAbsolutePath().normalize();

    private static final String PYTHON = "/usr/bin/python3";

    private Worker() {}

    /** Without Python the test is skipped. */
    static void require() {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "SKIPPED: there is no " + PYTHON);
    }

    /** The right one. */
    static WorkerJudge right() {
        return quick(WorkerJudge.of(PYTHON, PROGRAM.toString()));
    }

    /** It takes NaN for JSON (O6), and quotes an op of a megabyte whole (O10s). */
    static WorkerJudge wrong() {
        return changed(", parse_constant=constant", "", "[:200]", "");
    }

    /** The right one, with texts of its source replaced by others. */
    static WorkerJudge changed(String... replaced) {
        StringBuilder program = new StringBuilder("exec(open('" + PROGRAM + "').read()");
        for (int i = 0; i < replaced.length; i += 2) {
            program.append(".replace('%s', '%s')".formatted(replaced[i], replaced[i + 1]));
        }
        return quick(WorkerJudge.of(PYTHON, "-c", program + ")"));
    }

    static WorkerJudge quick(WorkerJudge judge) {
        return judge.tries(10).idle(Duration.ZERO).seed(7);
    }
}
