package dev.neurontp.conformance;

import static dev.neurontp.conformance.RunTest.options;
import static dev.neurontp.conformance.RunTest.run;
import static dev.neurontp.conformance.RunTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of known failures: what an entry covers, and what it does not. */
@Execution(ExecutionMode.CONCURRENT)
@Tag("long")
final class KnownFailuresTest {

    /** More of them take minutes. */
    private static final int SEEDS = Integer.getInteger("neurontp.known.seeds", 1);

    @TempDir
    private Path folder;

    @Test
    void aKnownFailureIsExpectedAndAStaleOneFailsTheRun() throws IOException {
        Path known =
                Files.writeString(folder.resolve("known"), "# ours\nF11 F11.in-the-middle\nF11 F11.at-the-start\n");
        RunOptions bad =
                options(TestWorkers.worker("takes-bom", "7a-i"), List.of("F11"), 20, Optional.of(known), false);
        RunReport expected = new ConformanceRun(bad, Listener.NONE).run();
        assertThat(expected.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(expected.count(Verdict.EXPECTED)).isEqualTo(1);
        RunOptions good = options(TestWorkers.worker("", "7a-i"), List.of("F11"), 20, Optional.of(known), false);
        RunReport stale = new ConformanceRun(good, Listener.NONE).run();
        assertThat(stale.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(stale.stale()).hasSize(2);
    }

    @Test
    void aKnownFailureWhoseCheckWasLeftOutIsNotStale() throws IOException {
        Path known = Files.writeString(folder.resolve("known"), "F11 F11.in-the-middle\n");
        RunOptions part = options(
                TestWorkers.worker("takes-bom", "7a-i"), List.of("F11.at-the-start"), 20, Optional.of(known), false);
        RunReport report = new ConformanceRun(part, Listener.NONE).run();
        assertThat(report.stale()).isEmpty();
    }

    /** An entry for a trailing comma says nothing about comments. */
    @Test
    void anotherExampleOfTheSameCheckIsNew() throws IOException {
        List<String> comma = TestWorkers.worker("takes-trailing-comma", "7a-i");
        RunReport first = run(comma, List.of("O6"), 50);
        Path known = write(first);
        assertThat(runKnowing(comma, List.of("O6"), 50, known).outcome()).isEqualTo(Outcome.PASSED);
        RunReport both =
                runKnowing(TestWorkers.worker("takes-trailing-comma,takes-comments", "7a-i"), List.of("O6"), 50, known);
        assertThat(both.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(both.findings())
                .filteredOn(finding -> finding.counts() == Verdict.FAILED)
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.failure().lineClass()).isEqualTo("a comment"));
        assertThat(both.findings())
                .filteredOn(finding -> finding.counts() == Verdict.EXPECTED)
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.failure().lineClass()).isEqualTo("a trailing comma"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "takes-trailing-comma,takes-comments",
                "takes-nan",
                "takes-trailing-text,takes-double-commas",
                "refuses-unknown-fields",
                "takes-op-twice",
                "skips-short-junk"
            })
    void knownFailuresOfOneSeedAreThoseOfEveryOther(String fault) throws IOException {
        List<String> only = List.of("F4.model", "O1", "O3", "O4", "O6");
        List<String> command = TestWorkers.worker(fault, "7a-i");
        Path known = write(run(command, only, 100));
        for (long seed = 1; seed <= SEEDS; seed++) {
            RunReport again = new ConformanceRun(
                            withSeed(options(command, only, 100, Optional.of(known), false), seed), Listener.NONE)
                    .run();
            assertThat(again.findings())
                    .as("seed %s", seed)
                    .filteredOn(finding -> finding.counts() != Verdict.EXPECTED)
                    .isEmpty();
            assertThat(again.stale()).as("seed %s", seed).isEmpty();
            assertThat(again.outcome()).as("seed %s", seed).isEqualTo(Outcome.PASSED);
            assertThat(Files.readString(write(again))).as("seed %s", seed).isEqualTo(Files.readString(known));
        }
    }

    /** Each run has comm_ids of its own, and ids that are like them. What ranks do to each other is by chance, and flaky. */
    @ParameterizedTest
    @ValueSource(strings = {"takes-any-id", "trims-ids", "takes-its-own-id-again"})
    void knownFailuresOfGroupsAreThoseOfEveryCommId(String fault) throws IOException {
        TestOptions options = TestOptions.like(
                        options(TestWorkers.worker(fault, "7a-ii"), List.of("S5", "S6"), 200, Optional.empty(), true))
                .commIdCommand(TestWorkers.commIdMaker().toArray(String[]::new));
        RunReport first = new ConformanceRun(options.options(), Listener.NONE).run();
        assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
        options.knownFailures(write(first));
        RunReport again = new ConformanceRun(options.options(), Listener.NONE).run();
        assertThat(again.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(write(again)).hasSameTextualContentAs(write(first));
    }

    /** A line with a comma too many is smaller as one with text behind its object, which this worker takes as well. */
    @Test
    void aRandomFailureIsNotMadeSmallIntoOneOfAnotherClass() {
        RunReport report = TestWorkers.judge(
                "takes-trailing-text,takes-double-commas",
                "7a-i",
                List.of("O6.damaged"),
                300,
                Duration.ofSeconds(10),
                1);
        assertThat(report.findings())
                .extracting(Finding::failure)
                .extracting(Failure::lineClass)
                .contains("text after the value", "a comma too many");
    }

    /** What a worker prints may begin or end in blanks, and a line of the file does not. */
    @Test
    void blanksAtTheEdgesOfAnExampleDoNotMatter() {
        KnownFailures.Entry entry = new KnownFailures.Entry("F5", "F5.always", "the line done:", "", false);
        assertThat(entry.expects("F5", "F5.always", "the line done: ", "")).isTrue();
        assertThat(entry.expects("F5", "F5.always", "the line done: 2", "")).isFalse();
    }

    /** It is the same, whatever line has shown it. */
    @ParameterizedTest
    @CsvSource({"'(random) ', ''", "'', '(random) '"})
    void whatRandomLinesShowIsExpectedOfFixedOnesAndTheOtherWayRound(String known, String seen) {
        String field = "the field x in a reply error";
        KnownFailures.Entry entry = new KnownFailures.Entry("O9", "O9.always", known + field, "", false);
        assertThat(entry.expects("O9", "O9.always", seen + field, "")).isTrue();
        assertThat(entry.expects("O9", "O9.always", seen + "the field y in a reply error", ""))
                .isFalse();
    }

    @Test
    void aFlakyEntryMayPassAndMayFailAndIsAlwaysShown() throws IOException {
        Path known = Files.writeString(folder.resolve("known"), "flaky F11 F11.at-the-start\n");
        RunReport good = runKnowing(TestWorkers.worker("", "7a-i"), List.of("F11"), 20, known);
        assertThat(good.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(good.flaky())
                .singleElement()
                .satisfies(one -> assertThat(one.failed()).isZero());
        RunReport bad = runKnowing(TestWorkers.worker("takes-bom", "7a-i"), List.of("F11.at-the-start"), 20, known);
        assertThat(bad.outcome()).isEqualTo(Outcome.PASSED);
        assertThat(bad.flaky())
                .singleElement()
                .satisfies(one -> assertThat(one.failed()).isEqualTo(1));
    }

    /** Whether they failed in this run or not; the next one reads what this one wrote. */
    @ParameterizedTest
    @ValueSource(strings = {"", "takes-bom"})
    void flakyEntriesAreWrittenAsTheyWere(String fault) throws IOException {
        String flaky = "flaky F11 F11.at-the-start\n";
        Path known = Files.writeString(folder.resolve("known"), flaky);
        RunReport report = runKnowing(TestWorkers.worker(fault, "7a-i"), List.of("F11.at-the-start"), 20, known);
        assertThat(KnownFailures.write(report).lines().filter(line -> !line.startsWith("#") && !line.isEmpty()))
                .containsExactly(flaky.strip());
    }

    private Path write(RunReport report) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "known", null),
                KnownFailures.write(
                        report.findings().stream().map(Finding::failure).toList()));
    }

    private static RunReport runKnowing(List<String> command, List<String> only, int tries, Path known) {
        return new ConformanceRun(options(command, only, tries, Optional.of(known), false), Listener.NONE).run();
    }

    private static RunOptions withSeed(RunOptions o, long seed) {
        return with(o, seed, o.startTimeout(), o.maxTime());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s x", "F11 %s"})
    void aLineOfAnyLengthIsToldInOne(String line) throws IOException {
        Path known = Files.writeString(folder.resolve("known"), line.formatted("x".repeat(1 << 16)) + "\n");
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(known), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .message()
                .contains("xxx …(65536 bytes in all)… x")
                .hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F11 F11.nosuch x | line 2: no check of F11 is called 'F11.nosuch'",
                "Z9 something | line 2: no rule that is judged is called 'Z9'",
                "A6 something | line 2: no rule that is judged is called 'A6'",
                "\ufeffF11 x | line 2: no rule that is judged is called",
            })
    void aFileOfKnownFailuresThatCannotBeUsedIsRefused(String line, String words) throws IOException {
        Path known = Files.writeString(folder.resolve("known"), "# remark\n" + line + "\n");
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(known), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void aFileOfKnownFailuresThatIsNotThereIsRefused() {
        Path known = folder.resolve("nosuch");
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(known), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessage("--known-failures: there is no file " + known);
    }

    @Test
    void ofAFileOfKnownFailuresFourMebibytesAreRead() throws IOException {
        String remark = "#" + "x".repeat((4 << 20) - 2) + "\n";
        Path most = Files.writeString(folder.resolve("most"), remark);
        assertThat(Files.size(most)).isEqualTo(4 << 20);
        assertThat(KnownFailures.read(most, Contract.load(), List.of())).isNotNull();
        Path more = Files.writeString(folder.resolve("more"), remark + "\n");
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(more), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessage("--known-failures: cannot read " + more + ": it is longer than 4 MiB");
    }

    @Test
    void aFileOfKnownFailuresThatIsNoTextIsRefused() throws IOException {
        Path known = Files.write(folder.resolve("known"), new byte[] {(byte) 0xff, '\n'});
        assertThatThrownBy(() -> new ConformanceRun(
                        options(List.of("x"), List.of(), 1, Optional.of(known), false), Listener.NONE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        List<String> command = TestWorkers.worker("takes-bom,takes-nan", "7a-i");
        RunReport first = run(command, List.of("F11", "O6.lenient"), 20);
        assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
        Path known = Files.writeString(
                folder.resolve("known"),
                KnownFailures.write(
                        first.findings().stream().map(Finding::failure).toList()));
        RunOptions again = options(command, List.of("F11", "O6.lenient"), 20, Optional.of(known), false);
        assertThat(new ConformanceRun(again, Listener.NONE).run().outcome()).isEqualTo(Outcome.PASSED);
    }
}
