package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.mutant.BusyHost;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one seed does not show. More than a quarter of an hour on 2 cores: only with -Psoak. */
@Tag("soak")
@Execution(ExecutionMode.SAME_THREAD)
final class SeedsTest {

    private static final int SEEDS = Integer.getInteger("neurontp.seeds", 50);
    private static final int TRIES = 60;
    private static final int TIMES = 10;
    private static final Duration PATIENT = Duration.ofSeconds(10);

    /** An empty name is the worker with no fault, which takes no abbreviations and keeps a CR inside a line. */
    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {
                "",
                "trims-like-go",
                "strips-like-java",
                "trims-like-python",
                "trims-like-javascript",
                "trims-zero-width",
                "trims-controls",
                "slow-start",
                "shuffles-fields",
                "escapes-everything",
                "chatters",
                "takes-a-gigabyte",
                "own-error-kinds",
                "forks-and-reaps",
                "split-writes",
                "slow-replies"
            })
    void aRightWorkerPassesTheRandomChecksWithManySeeds(String fault) {
        passes(fault, SEEDS);
    }

    /** One that trims all of Unicode's white space, and one that trims everything up to U+0020. */
    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"trims-like-rust", "trims-like-java"})
    void bothKindsOfTrimmingPassWithFourTimesAsMany(String fault) {
        passes(fault, 4 * SEEDS);
    }

    /** The last one answers nothing after an error: a verdict that only time-outs show. */
    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(strings = {"", "takes-comments,dies-at-unknown-op", "deaf-after-error"})
    void theSameSeedGivesTheSameVerdictTenTimesUnderLoad(String faults) {
        try (BusyHost _ = new BusyHost()) {
            Map<String, Verdict> first = verdicts(faults);
            for (int time = 2; time <= TIMES; time++) {
                assertThat(verdicts(faults)).as("time %s", time).isEqualTo(first);
            }
        }
    }

    private static Map<String, Verdict> verdicts(String faults) {
        RunReport report = TestWorkers.judge(faults, "7a-i", List.of(), 20, Duration.ofSeconds(3), 7);
        assertThat(report.errors()).isEmpty();
        return report.rules().stream()
                .collect(Collectors.toMap(rule -> rule.rule().id(), RunReport.RuleReport::verdict));
    }

    private static void passes(String fault, int seeds) {
        for (long seed = 1; seed <= seeds; seed++) {
            RunReport report = TestWorkers.judge(fault, "7a-i", MutantsTest.RANDOM, TRIES, PATIENT, seed);
            assertThat(report.findings())
                    .as("seed %s", seed)
                    .extracting(Finding::failure)
                    .isEmpty();
            assertThat(report.errors()).isEmpty();
        }
    }
}
