package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known failures by the arguments of a worker. */
@Execution(ExecutionMode.CONCURRENT)
final class KnownArgumentsTest {

    @TempDir
    private Path folder;

    /** It is started several times for that, in another way than for all else. */
    @Test
    void argumentsThatAreRefusedWithoutAReasonAreExamplesEach() throws Exception {
        List<String> silent = worker("*--tp-size\\ 1,0) exit 2 ;;");
        RunReport one = judge(silent, "A3", 20, 1, Optional.empty());
        assertThat(one.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.failure().examples())
                        .containsExactly("--worker --tp-size 1,0 | {\"op\":\"ping\"}\\n"));
        RunReport more = judge(
                worker("*--tp-size\\ 1,0 | *--no-such-option=1) exit 2 ;;"), "A3", 20, 1, Optional.of(known(one)));
        assertThat(more.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(more.findings())
                .filteredOn(finding -> finding.counts() == Verdict.FAILED)
                .extracting(Finding::failure)
                .singleElement()
                .satisfies(failure -> assertThat(failure.examples())
                        .containsExactly("--worker --no-such-option=1 | {\"op\":\"ping\"}\\n"));
    }

    @Test
    void whatIsWrongOfArgumentsThatWereDrawnIsKnownWhateverTheSeed() throws Exception {
        List<String> wrong = worker("""
                *4294967286* | *2147483647* | *--rank\\ 0\\ * | *--rank\\ 1\\ *) ;;
                *) set -- --worker --rank 7 --tp-size 9 --cuda-device 8 ;;
                """);
        RunReport first = judge(wrong, "A1.any", 200, 1, Optional.empty());
        assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
        RunReport second = judge(wrong, "A1.any", 200, 2, Optional.of(known(first)));
        assertThat(second.outcome()).isEqualTo(Outcome.PASSED);
        RunReport right = judge(TestWorkers.worker("", "7a-i"), "A1.any", 200, 3, Optional.of(known(first)));
        assertThat(right.outcome()).isEqualTo(Outcome.PASSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A1.defaults | --worker | --worker\\ --rank\\ 1\\ --tp-size\\ 3",
                "A1.any | *4294967295* | *2147483648*",
            })
    void aKnownFailureHidesNoOtherOfItsCheck(String check, String old, String other) throws Exception {
        String wrong = ") set -- --worker --rank 7 --tp-size 9 --cuda-device 8 ;;";
        RunReport first = judge(worker(old + wrong), check, 40, 1, Optional.empty());
        RunReport second = judge(worker(old + " | " + other + wrong), check, 40, 1, Optional.of(known(first)));
        assertThat(second.findings())
                .extracting(finding -> finding.failure().known())
                .contains(true, false);
    }

    @Test
    void anOptionWithoutAnAnswerHidesNoOther() throws Exception {
        assertThat(judge(worker("*--help | *--version) exit 3 ;;"), "A5", 20, 1, Optional.empty())
                        .findings())
                .singleElement()
                .satisfies(found -> assertThat(found.failure().examples()).hasSize(2));
    }

    @Test
    void aBadCommIdHidesNoOther() {
        RunReport report = TestWorkers.judge(
                "odd-kind-for-no-id,takes-any-id", "7a-ii", List.of("S5.bad-ids"), 20, Duration.ofSeconds(3), 1);
        assertThat(report.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.failure().examples()).hasSize(10));
    }

    /** So many tries that some of them are drawn for certain. */
    @Test
    void aBadValueThatWasDrawnIsKnownWhateverTheSeed() throws Exception {
        List<String> words = worker("*auto | *none | *max | *inf | *NaN | *true | *:0) set -- --worker ;;");
        RunReport first = judge(words, "A3", 4000, 1, Optional.empty());
        assertThat(first.findings())
                .singleElement()
                .satisfies(found -> assertThat(found.failure().examples()).containsExactly("(random) a bad value"));
        assertThat(judge(words, "A3", 4000, 2, Optional.of(known(first))).outcome())
                .isEqualTo(Outcome.PASSED);
        assertThat(judge(TestWorkers.worker("", "7a-i"), "A3", 200, 3, Optional.of(known(first)))
                        .outcome())
                .isEqualTo(Outcome.PASSED);
    }

    @Test
    void noBadValueIsDrawnWhereAFixedOneIsTaken() throws Exception {
        List<String> words = worker("*all | *auto | *none | *max | *inf | *NaN | *true | *:0) set -- --worker ;;");
        assertThat(judge(words, "A3", 4000, 1, Optional.empty()).findings())
                .singleElement()
                .satisfies(found -> assertThat(found.failure().examples())
                        .containsExactly("--worker --cuda-device all | {\"op\":\"ping\"}\\n"));
    }

    /** The right worker, but for arguments that match one of these cases of a shell. */
    private static List<String> worker(String cases) {
        List<String> right = TestWorkers.worker("", "7a-i");
        List<String> command = new ArrayList<>(
                List.of("/bin/sh", "-c", "case $* in\n" + cases + "\nesac\nexec \"$0\" " + quoted(right) + " \"$@\""));
        command.add(right.getFirst());
        return command;
    }

    private static String quoted(List<String> command) {
        return String.join(" ", command.subList(1, command.size()));
    }

    private Path known(RunReport report) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "known", null), KnownFailures.write(report));
    }

    private static RunReport judge(List<String> command, String only, int tries, long seed, Optional<Path> known) {
        RunOptions options = RunTest.options(command, List.of(only), tries, known, false);
        return new ConformanceRun(TestOptions.like(options).seed(seed).options(), Listener.NONE).run();
    }
}
