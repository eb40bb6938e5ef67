package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers as people write them, in other languages and with those languages' own JSON: the verdict on each was worked
 * out by hand from the contract, rule by rule. The naive ones die often and take long, so they wait for {@code -Psoak}.
 */
final class NaturalWorkersTest {

    private static final Path WORKERS = Path.of("src", "test", "workers");

    /** It is the worker of the example too, for people who write one. */
    private static final Path CAREFUL = Path.of("..", "docs", "junit-example", "worker.py");

    /** Python, with care for what its library takes and the contract does not. */
    @Tag("long")
    @Test
    void aCarefulWorkerInPythonPassesEveryRule() {
        RunReport report = judge("python3", CAREFUL);
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).isEmpty();
        assertThat(TestWorkers.rules(report, Verdict.WARNED)).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
    }

    /** As a start script has it that puts a prefix before each line, or keeps a log: the helper ends a moment after the worker. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"2> >(cat >&2)", "> >(cat)"})
    void aWorkerWhoseStreamGoesThroughAHelperPassesEveryRule(String redirection) {
        assumeTrue(onPath("bash"), "there is no bash on the PATH");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "exec \"$0\" \"$@\" " + redirection));
        command.addAll(TestWorkers.worker("", "7a-i"));
        assertThat(TestWorkers.judge(command, 5, 1).outcome()).isEqualTo(Outcome.PASSED);
    }

    /**
     * Python's own int() for arguments (A3: digits of all scripts, no upper bound), errors="replace" for bytes (F10), json.loads
     * as it is (O6: NaN, half characters, other blanks stripped; O4: the last of two fields), no look at comm_id (O6), and a
     * line that is no object or nested deep ends it (O6, O7, O8; F4: no reply). Its argparse knows no --version (A5).
     */
    @Tag("soak")
    @Test
    void aNaiveWorkerInPythonBreaksTheseRulesAndNoOthers() {
        RunReport report = judge("python3", WORKERS.resolve("naive.py"));
        assertThat(TestWorkers.rules(report, Verdict.FAILED))
                .containsExactlyInAnyOrder("A3", "F4", "F10", "O4", "O6", "O7", "O8");
        assertThat(TestWorkers.rules(report, Verdict.WARNED))
                .containsExactlyInAnyOrder("A4", "A5", "F1s", "F10s", "O10s");
    }

    /**
     * Node's readline ends a line at a lone CR too (F2, and F4: two replies to one line), its strings take any bytes (F10), and
     * JSON.parse takes half characters and the last of two fields (O6, O4), and cuts what its errors quote in the middle of a
     * character (F1). Number takes 1.0 and blanks (A3). null ends it (O6). Its exit(0) comes before it hears that its bye went nowhere
     * (L4).
     */
    @Tag("soak")
    @Test
    void aNaiveWorkerInNodeBreaksTheseRulesAndNoOthers() {
        RunReport report = judge("node", WORKERS.resolve("naive.js"));
        assertThat(TestWorkers.rules(report, Verdict.FAILED))
                .containsExactlyInAnyOrder("A3", "F1", "F2", "F4", "F10", "L4", "O4", "O6");
        assertThat(TestWorkers.rules(report, Verdict.WARNED)).containsExactlyInAnyOrder("A4", "A5", "F10s", "O10s");
    }

    private static RunReport judge(String program, Path worker) {
        assumeTrue(onPath(program), "there is no " + program + " on the PATH");
        RunReport report = TestWorkers.judge(List.of(program, worker.toString()), 20, 1);
        assertThat(report.errors()).isEmpty();
        assertThat(report.unjudgeable()).isEmpty();
        return report;
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
