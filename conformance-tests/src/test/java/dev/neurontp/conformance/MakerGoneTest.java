package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.OwnPrograms;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups whose comm_id is served no more: a right worker is not accused of that, and a wrong one does not pass. */
final class MakerGoneTest {

    /** It says the id when the process that would serve it has ended. */
    private static final String AT_ONCE = "id=$(\"$0\" --comm-id </dev/null); echo \"$id\"; exit 7";

    private static final String OF_NO_GROUP = "printf '%0256d\\n' 0; read -r line";
    /** Until the first sum of any group, for which all have joined. */
    private static final String UNTIL_A_SUM =
            "while sleep 0.01; do set -- \"${0%/*}\"/group-*/sum-*; [ ! -e \"$1\" ] || exit; done"
                    + " | \"$0\" --comm-id";

    private static final String UNTIL_RANK_0_LEAVES =
            "{ until set -- \"${0%/*}\"/group-*/rank-0-0; [ -e \"$1\" ]; do sleep 0.01; done;"
                    + " while [ -e \"$1\" ]; do sleep 0.01; done; } | \"$0\" --comm-id";

    /** A worker of its own, since groups meet in the folder that it is in. */
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "S3",
                "S3.two-groups",
                "S4",
                "S5",
                "S6",
                "F4.in-a-group",
                "O1.in-a-group",
                "O8",
                "L3.joining*",
                "*.idle*"
            })
    void aRightWorkerIsNotAccusedOfAMakerThatHasEnded(String checks) throws IOException {
        RunReport report = judge("", AT_ONCE, checks);
        assertThat(report.findings()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors())
                .singleElement()
                .asString()
                .contains(
                        "the --comm-id-command [/bin/sh, -c, ", "ended with exit code 7 before the group was through");
    }

    @ParameterizedTest
    @ValueSource(strings = {AT_ONCE, "exit 1"})
    void aSecretInItsCommandIsNotTold(String maker) throws IOException {
        RunReport report = judge("", ": --password=hunter2; " + maker, "S3.join-and-sum");
        assertThat(report.errors())
                .singleElement()
                .asString()
                .contains("(masked)")
                .doesNotContain("hunter2");
    }

    @Tag("long")
    @Test
    void aMakerThatEndsNoLineIsToldHowMuchItHasPrinted() throws IOException {
        RunReport report = judge("", "printf 012345; exec sleep 1000", "S3.join-and-sum");
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors().toString())
                .contains("printed no whole line within", ": it has sent 6 bytes without the line break");
    }

    @Test
    void whereItLivesAnIdOfNoGroupIsToldWithTheOptionThatMadeIt() throws IOException {
        RunReport report = judge("", OF_NO_GROUP, "S3.join-and-sum");
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactly("S3");
        assertThat(report.findings())
                .singleElement()
                .extracting(Finding::failure)
                .extracting(Failure::got)
                .asString()
                .contains("its maker is gone", "--comm-id-command");
    }

    @Test
    void aMakerThatEndsOnceAllHaveJoinedDisturbsNobodyWhoDoesNotNeedIt() throws IOException {
        assertThat(judge("", UNTIL_A_SUM, "S3.many-sums").outcome()).isEqualTo(Outcome.PASSED);
    }

    /** Whoever serves the group, this is no sum of it. */
    @Test
    void aWrongSumIsTheWorkersOwnAlsoAfterTheEndOfTheMaker() throws IOException {
        RunReport report = judge("sums-to-one", UNTIL_A_SUM, "S3.many-sums");
        assertThat(TestWorkers.rules(report, Verdict.FAILED)).containsExactly("S3");
    }

    /** It is to serve the group until its input ends, and what carries the sums may be what it serves. */
    @Test
    void aSumThatFailsAfterTheEndOfTheMakerIsNotJudged() throws IOException {
        RunReport report = judge("one-sum-only", UNTIL_A_SUM, "S3.many-sums");
        assertThat(report.findings()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors()).singleElement().asString().contains("ended with exit code 0");
    }

    /** What a rank does at its own end is told to the check, and ends it or not. */
    @ParameterizedTest
    @CsvSource({"L1.in-a-group, 'exit-1-at-eof,slow-at-eof'", "L2.one-by-one.in-a-group, 'bye-and-exit-1,slow-exit'"})
    void anExitCodeAfterTheEndOfTheMakerIsNotJudged(String check, String fault) throws IOException {
        RunReport report = judge(fault, check.startsWith("L1") ? UNTIL_A_SUM : UNTIL_RANK_0_LEAVES, check);
        assertThat(report.findings()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(report.errors()).singleElement().asString().contains("ended with exit code 0");
    }

    private RunReport judge(String fault, String maker, String... only) throws IOException {
        List<String> worker = TestWorkers.worker(fault, "7a-ii");
        String program = OwnPrograms.copy(Path.of(worker.getFirst()), folder.resolve("worker"))
                .toString();
        List<String> own =
                Stream.concat(Stream.of(program), worker.stream().skip(1)).toList();
        RunOptions options = TestOptions.like(RunTest.options(own, List.of(only), 20, Optional.empty(), false))
                .commIdCommand("/bin/sh", "-c", maker, program)
                .options();
        return new ConformanceRun(options, Listener.NONE).run();
    }
}
