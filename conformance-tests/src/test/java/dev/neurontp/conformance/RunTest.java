package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs: verdicts, exit codes, and what a run does when it cannot go on. Most of the time they wait. */
@Execution(ExecutionMode.CONCURRENT)
final class RunTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec cat | sends back what it is sent",
                "exec true | ended with exit code 0",
                "exec sleep 1000 | nothing at all on stdout",
                "exec yes | flooded",
                "echo usage >&2; exit 64 | exit code 64",
                "echo hello; exec sleep 1000 | the first: hello",
                "printf pong; exec sleep 1000 | it has sent 4 bytes without the line break that ends a reply; end each",
                "head -c 30000000 /dev/zero; exec sleep 1000 | it has sent 30000000 bytes without the line break",
                "echo {; printf abc; exec sleep 1000 | it has sent 5 bytes of an object that does not end;",
                "echo hello; printf abc; exec sleep 1000 | the first: hello; behind that it has sent 3 bytes without",
                "printf pong; cat >/dev/null | it has sent 4 bytes without the line break",
            })
    void whatIsNoWorkerIsNotJudgedAndItIsSaidWhatWasSeen(String script, String words) {
        RunReport report = startedWithin(Duration.ofSeconds(10), List.of("/bin/sh", "-c", script), List.of());
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.unjudgeable()).contains(words);
        assertThat(report.took()).isLessThan(Duration.ofSeconds(15));
        assertThat(report.findings()).isEmpty();
    }

    @Tag("long")
    @Test
    void aWorkerThatNeedsTwelveSecondsToStartIsJudged() {
        List<String> slow = new ArrayList<>(List.of("/bin/sh", "-c", "sleep 12; exec \"$@\"", "sh"));
        slow.addAll(TestWorkers.worker("", "7a-i"));
        assertThat(run(slow, List.of("F1.replies"), 20).outcome()).isEqualTo(Outcome.PASSED);
    }

    /** As one that tries the driver anew at each check. */
    @Test
    void aWorkerThatTakesLongerThanASecondForAReplyIsNotAccused() {
        List<String> slow = new ArrayList<>(List.of("/bin/sh", "-c", """
                while IFS= read -r line; do
                    case $line in *'"nccl_sanity_check"'*) sleep 1.2 ;; esac
                    printf '%s\\n' "$line"
                done | "$@"
                """, "sh"));
        slow.addAll(TestWorkers.worker("", "7a-i"));
        RunReport report = run(slow, List.of("F7.each-reply", "F4.in-turn"), 3);
        assertThat(report.outcome()).as(report.findings().toString()).isEqualTo(Outcome.PASSED);
    }

    /** As one that looks for its library before it refuses: what comes late looks like the answer to a sanity check. */
    @ParameterizedTest
    @ValueSource(strings = {"7a-i", "7a-ii-no-cuda"})
    void aWorkerThatIsSlowToRefuseAnInitIsNotAccused(String stage) {
        RunReport report = TestWorkers.judge(
                "slow-init",
                stage,
                List.of("O1.order", "O1.escapes", "O3.examples", "F1.replies"),
                20,
                Duration.ofMillis(1200),
                7);
        assertThat(report.outcome()).as(report.findings().toString()).isEqualTo(Outcome.PASSED);
    }

    /** The first of them ends by a signal, and the next may end because of that. */
    @Test
    void aRankThatEndsByItselfAfterAnotherIsNotAccused() {
        RunReport report = TestWorkers.judge(
                "ends-behind-rank-0", "7a-ii", List.of("S3.member-leaves", "L3"), 20, Duration.ofSeconds(3), 7);
        assertThat(report.outcome()).as(report.findings().toString()).isEqualTo(Outcome.PASSED);
    }

    /** What was sent, and what it left behind, are told by its command. */
    @Test
    void aSecretInTheCommandOfAWorkerIsInNoFailure() {
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", ": --password=hunter2; (sleep 306; :) >&2 & exec \"$0\" \"$@\""));
        command.addAll(TestWorkers.worker("", "7a-i"));
        String findings = run(command, List.of("L1"), 3).findings().toString();
        assertThat(findings).contains("left behind: pid", "(masked)").doesNotContain("hunter2");
    }

    /** Of one whose pongs alone end in LF. */
    @Test
    void aReplyWithoutALineBreakIsToldAsThat() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", """
                "$@" | while IFS= read -r line; do
                    case $line in *'"pong"'*) printf '%s\\n' "$line" ;; *) printf %s "$line" ;; esac
                done
                """, "sh"));
        command.addAll(TestWorkers.worker("", "7a-i"));
        assertThat(run(command, List.of("S1"), 3).findings())
                .extracting(Finding::failure)
                .extracting(Failure::got)
                .anyMatch(
                        got -> got.matches("no whole reply within \\d+ ms: it has sent \\d+ bytes without the line.*"));
    }

    @Test
    void aWorkerThatStartsTooSlowlyIsNotJudgedAndTheOptionIsNamed() {
        List<String> slow = TestWorkers.worker("slow-start", "7a-i");
        RunReport report = startedWithin(Duration.ofMillis(500), slow, List.of("F1.replies"));
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.unjudgeable()).contains("within 500 ms", "--start-timeout");
    }

    private static RunReport startedWithin(Duration time, List<String> command, List<String> only) {
        RunOptions options = options(command, only, 20, Optional.empty(), false);
        return new ConformanceRun(with(options, 11, time, options.maxTime()), Listener.NONE).run();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aShortRunSaysTheSameOfArgumentsWhateverItsSeed(long seed) {
        RunReport report =
                TestWorkers.judge("takes-unknown-options", "7a-i", List.of("A3"), 20, Duration.ofSeconds(10), seed);
        assertThat(report.findings())
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly("A3");
    }

    /** All replies that are read to the end are judged, however small the stack of the thread that does. */
    @ParameterizedTest
    @CsvSource({"deep-field, O9", "deep-number, O2"})
    void aReplyThatNestsDeepIsJudged(String fault, String rule) {
        RunReport report = TestWorkers.judge(fault, "7a-i", List.of(rule, "O4"), 20, Duration.ofSeconds(10), 7);
        assertThat(report.errors()).isEmpty();
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactly(rule);
        assertThat(TestWorkers.rules(report, Verdict.PASSED)).contains("O4");
    }

    /** As where the host gives it no thread: what it found until then may be no fault of the worker, and the rest is missing. */
    @Test
    void aJudgeThatCannotGoOnIsNoVerdict() {
        RunOptions options =
                options(TestWorkers.worker("spaced", "7a-i"), List.of("F1s", "F2"), 20, Optional.empty(), true);
        RunReport report = new ConformanceRun(options, new Listener() {
                    @Override
                    public void done(Check check, int done, int all) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                })
                .run();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.unjudgeable())
                .startsWith("the judge failed, not the worker: it could not go on (")
                .contains("unable to create native thread");
        assertThat(report.findings()).isEmpty();
        assertThat(report.count(Verdict.FAILED)).isZero();
    }

    /** The worker is ended by the judge, while it has yet to answer the second ping. */
    @Test
    void aWorkerThatIsBeingMetWhenTheRunIsStoppedIsNotAccused(@TempDir Path folder) throws Exception {
        Path asked = folder.resolve("asked");
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "(head -n 1; head -n 1 >/dev/null; : >" + asked + "; cat >/dev/null) | \"$0\" \"$@\""));
        command.addAll(TestWorkers.worker("", "7a-i"));
        ConformanceRun run =
                new ConformanceRun(options(command, List.of(), 20, Optional.empty(), false), Listener.NONE);
        CompletableFuture<RunReport> report = CompletableFuture.supplyAsync(run::run);
        Awaitility.await().until(() -> Files.exists(asked));
        run.stop(ConformanceRun.INTERRUPTED);
        assertThat(report.get().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.get().findings()).isEmpty();
    }

    @Test
    void aProgramThatThereIsNotIsNotJudged() {
        RunReport report = run(List.of("nosuch"), List.of(), 20);
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.unjudgeable()).contains("nosuch", "PATH");
    }

    @Test
    void aBrokenShouldWarnsAndStrictMakesItAFailure() {
        RunOptions lax = options(TestWorkers.worker("spaced", "7a-i"), List.of("F1s"), 20, Optional.empty(), false);
        RunReport warned = new ConformanceRun(lax, Listener.NONE).run();
        assertThat(warned.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(warned.count(Verdict.WARNED)).isEqualTo(1);
        RunOptions strict = options(TestWorkers.worker("spaced", "7a-i"), List.of("F1s"), 20, Optional.empty(), true);
        assertThat(new ConformanceRun(strict, Listener.NONE).run().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void whatReportsCallAlwaysCanBeAskedForByThatName() {
        RunReport report = run(TestWorkers.worker("spaced", "7a-i"), List.of("F1s.always"), 20);
        assertThat(report.count(Verdict.WARNED)).isEqualTo(1);
        assertThat(report.rules())
                .filteredOn(rule -> rule.verdict() == Verdict.PASSED)
                .isEmpty();
    }

    @Test
    void timeThatRunsOutIsSaidWithWhatIsMissing() {
        List<String> command = TestWorkers.worker("slow-replies", "7a-i");
        RunOptions options = with(
                options(command, List.of(), 100_000, Optional.empty(), false),
                11,
                RunOptions.DEFAULT_START_TIMEOUT,
                Duration.ofSeconds(4));
        RunReport report = new ConformanceRun(options, Listener.NONE).run();
        assertThat(report.outcome()).isEqualTo(Outcome.OUT_OF_TIME);
        assertThat(report.count(Verdict.MISSING)).isPositive();
        assertThat(report.findings()).isEmpty();
        assertThat(report.errors()).isEmpty();
        assertThat(report.took()).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void anInterruptedRunReportsWhatItHas() {
        AtomicReference<ConformanceRun> run = new AtomicReference<>();
        Listener stopsAtTheTenth = new Listener() {
            @Override
            public void done(Check check, int done, int all) {
                if (done == 10) {
                    run.get().stop(ConformanceRun.INTERRUPTED);
                }
            }
        };
        run.set(new ConformanceRun(
                options(TestWorkers.worker("", "7a-i"), List.of(), 20, Optional.empty(), false), stopsAtTheTenth));
        RunReport report = run.get().run();
        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.rules().stream().flatMap(rule -> rule.checks().stream()))
                .hasSizeGreaterThanOrEqualTo(9);
        assertThat(report.count(Verdict.MISSING)).isPositive();
        assertThat(report.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"no-flush, F7", "two-replies, F4"})
    void aFirstContactThatBreaksARuleWhichWasLeftOutIsToldByThatRule(String fault, String rule) {
        RunReport report = run(TestWorkers.worker(fault, "7a-i"), List.of("A1"), 3);
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.untold())
                .isEqualTo("nothing was judged: the worker breaks " + rule + ", which every check stands on");
    }

    /** As the JUnit door does where a run does not end; a person who ends it has the last word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it did not end by itself | | OUT_OF_TIME | it did not end by itself",
                "the time for the run is over | it did not end by itself | OUT_OF_TIME | the time for the run is over",
                "the time for the run is over | interrupted | INTERRUPTED | interrupted",
            })
    void aRunThatIsStoppedIsNoPassWhateverTheReason(String why, String then, Outcome outcome, String told) {
        AtomicReference<ConformanceRun> run = new AtomicReference<>();
        Listener stopsAtTheFirst = new Listener() {
            @Override
            public void done(Check check, int done, int all) {
                run.get().stop(why);
                if (then != null) {
                    run.get().stop(then);
                }
            }
        };
        run.set(new ConformanceRun(
                options(TestWorkers.worker("", "7a-i"), List.of("F1", "F2"), 20, Optional.empty(), false),
                stopsAtTheFirst));
        RunReport report = run.get().run();
        assertThat(report.outcome()).isEqualTo(outcome);
        assertThat(report.stop()).isEqualTo(told);
    }

    @Test
    void theSameSeedFailsWithTheSameSmallestInput() {
        List<String> command = TestWorkers.worker("takes-trailing-text", "7a-i");
        Failure first =
                run(command, List.of("O6.damaged"), 400).findings().getFirst().failure();
        Failure again =
                run(command, List.of("O6.damaged"), 400).findings().getFirst().failure();
        assertThat(again.sent()).isEqualTo(first.sent());
        assertThat(first.shrunk()).isTrue();
        assertThat(first.rerun())
                .contains("--only O6.damaged", "--seed 11", "--tries 400", "--faults takes-trailing-text");
    }

    /** It takes a thousand requests in one process: a check alone does not send so many. */
    @Test
    void whatOnlyALongLifeShowsIsRunAgainAsAWhole() {
        RunReport report = run(TestWorkers.worker("dies-after-1000", "7a-i"), List.of("F4", "O3"), 200);
        assertThat(report.findings())
                .extracting(Finding::failure)
                .filteredOn(failure -> failure.examples().contains("a process with a past"))
                .isNotEmpty()
                .allSatisfy(failure ->
                        assertThat(failure.rerun()).contains("--only F4 --only O3", "alone may not show it"));
    }

    @Test
    void theStageIsAskedOfTheWorker() {
        assertThat(run(TestWorkers.worker("", "7a-ii-no-cuda"), List.of("S*"), 20)
                        .stage())
                .isEqualTo("7a-ii-no-cuda");
        assertThat(run(TestWorkers.worker("", "7a-ii"), List.of("S4"), 20).stage())
                .isEqualTo("7a-ii");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> run(List.of("x"), List.of("Z9"), 20))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("Z9")
                .hasMessageContaining("list");
        assertThatThrownBy(() -> run(List.of(), List.of(), 20)).hasMessageContaining("after --");
        assertThatThrownBy(() -> run(List.of("x"), List.of(), 0)).hasMessageContaining("--tries is 0");
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(folder.resolve("none")), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("none");
    }

    static RunReport run(List<String> command, List<String> only, int tries) {
        return new ConformanceRun(options(command, only, tries, Optional.empty(), false), Listener.NONE).run();
    }

    static RunOptions options(
            List<String> command, List<String> only, int tries, Optional<Path> known, boolean strict) {
        return new RunOptions(
                command,
                Optional.<Stage>empty(),
                "",
                only,
                List.of(),
                known,
                11,
                tries,
                Duration.ofSeconds(3),
                Duration.ofMinutes(4),
                false,
                strict,
                2,
                List.of(),
                List.of(2),
                "tpctl conformance run");
    }

    static RunOptions with(RunOptions o, long seed, Duration startTimeout, Duration maxTime) {
        return TestOptions.like(o)
                .seed(seed)
                .startTimeout(startTimeout)
                .maxTime(maxTime)
                .options();
    }
}
