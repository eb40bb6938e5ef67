package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker behind a launcher, which has ends of its own: a right one is not accused of them, and a wrong one does not pass. */
@Tag("long")
final class LaunchedTest {

    private static final String NOTHING = "(nothing)";

    @Test
    void aRightWorkerIsNotAccusedOfItsLauncher() {
        RunReport report = launched(NOTHING, "");
        assertThat(report.findings()).isEmpty();
        assertThat(report.errors()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(skipped(report, "L3"))
                .hasEntrySatisfying("L3.sigint", why -> assertThat(why).contains("runs on after SIGINT"))
                .hasEntrySatisfying("L3.stdout-full", why -> assertThat(why).contains("its launcher gets the signal"));
        assertThat(reason(report, "L4")).contains("reads the worker's stdout");
        assertThat(TestWorkers.rules(report, Verdict.PASSED)).contains("L1", "L2", "L2s", "A3", "F4", "F5");
        assertThat(report.facts().named().get("launched")).contains("not judged: the exit code after a signal");
    }

    @Test
    void withoutTheOptionItsLauncherIsTheWorker() {
        RunReport report = judge(options(TestWorkers.worker("", "7a-i"), NOTHING, "L1", "L3"));
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactlyInAnyOrder("L1", "L3");
    }

    @ParameterizedTest
    @CsvSource({"L1, exit-1-at-eof", "L2, bye-and-exit-1", "A3, refuses-with-1", "F5, log-at-exit"})
    void aWrongWorkerDoesNotPass(String rule, String fault) {
        RunReport report = launched(NOTHING, fault, rule);
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactly(rule);
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void aWorkerThatIgnoresSigtermDoesNotPass() {
        RunReport report = launched(NOTHING, "survives-sigterm", "L3");
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactly("L3");
    }

    @Test
    void aLauncherThatFailsIsNoFailureOfTheWorkerAndNoPass() {
        RunReport report = launched("--rank=1=2", "", "A3", "F1");
        assertThat(report.findings()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors())
                .singleElement()
                .asString()
                .contains("A3", "exit code 255", "Connection reset by peer");
        assertThat(reason(report, "A3")).contains("the launcher ended with exit code 255");
        assertThat(TestWorkers.rules(report, Verdict.PASSED)).containsExactly("F1");
    }

    /** As ssh's, after the first replies. */
    @Test
    void aConnectionThatBreaksIsNoFailureOfTheWorkerAndNoPass() {
        List<String> breaks = new ArrayList<>(List.of(
                "sh", "-c", "\"$0\" \"$@\" | sed -u 6q; echo 'Connection closed by remote host' >&2; exit 255"));
        breaks.addAll(TestWorkers.worker("", "7a-i"));
        RunReport report =
                judge(launched(breaks, NOTHING).only("F1", "O1", "L1").options());
        assertThat(report.findings()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.unjudgeable() + report.errors())
                .contains("the launcher ended with exit code 255", "after the worker had spoken: Connection closed");
    }

    @ParameterizedTest
    @CsvSource({"'', PASSED", "silent-refusal, FAILED"})
    void wordsThatALauncherLosesAreAskedForAgain(String fault, Outcome outcome, @TempDir Path seen) {
        RunReport report = launched(seen.toString(), fault, "A3", "A5");
        assertThat(report.outcome()).isEqualTo(outcome);
    }

    @Test
    void rulesWhoseRanksMustJoinAreLeftOutWhereNothingCreatesACommId() {
        RunReport report = judge(launched(TestWorkers.worker("", "7a-ii"), NOTHING)
                .only("S*", "F1")
                .options());
        assertThat(report.findings()).isEmpty();
        assertThat(TestWorkers.rules(report, Verdict.PASSED)).contains("F1");
        assertThat(reason(report, "S3")).contains("nothing makes a comm_id here: give --comm-id-command");
    }

    @Test
    void whatKeepsAllGroupsFromBeingMadeIsToldOnce() {
        RunReport report = judge(launched(TestWorkers.worker("", "7a-ii"), NOTHING)
                .commIdCommand("false")
                .only("S3", "S5", "F1")
                .options());
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors())
                .singleElement()
                .asString()
                .contains("S3.join-and-sum, ", "S5.", "the --comm-id-command [false] must print a comm_id");
    }

    @Test
    void aSoakOfALauncherIsRefused() {
        TestOptions soak = launched(List.of("ssh"), NOTHING).soak(Duration.ofSeconds(1));
        assertThatThrownBy(soak::options)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--soak", "--launched", "leave one of them away");
    }

    /** With the usual 200 tries, so that A3 tries all that it has. */
    private static RunOptions options(List<String> worker, String refused, String... only) {
        List<String> command = Stream.concat(Stream.of("sh", "src/test/workers/launcher.sh", refused), worker.stream())
                .toList();
        return RunTest.options(command, List.of(only), 200, Optional.empty(), false);
    }

    private static TestOptions launched(List<String> worker, String refused) {
        return TestOptions.like(options(worker, refused)).launched();
    }

    private static RunReport launched(String refused, String fault, String... only) {
        return judge(
                launched(TestWorkers.worker(fault, "7a-i"), refused).only(only).options());
    }

    private static RunReport judge(RunOptions options) {
        return new ConformanceRun(options, Listener.NONE).run();
    }

    /** Its checks that were skipped, and why. */
    private static Map<String, String> skipped(RunReport report, String rule) {
        return report.rules().stream()
                .flatMap(one -> one.checks().stream())
                .filter(check -> check.rule().equals(rule) && check.outcome() == CheckResult.Outcome.SKIPPED)
                .collect(Collectors.toMap(CheckResult::id, CheckResult::reason));
    }

    private static String reason(RunReport report, String rule) {
        return report.rules().stream()
                .filter(one -> one.rule().id().equals(rule))
                .findFirst()
                .orElseThrow()
                .reason();
    }
}
