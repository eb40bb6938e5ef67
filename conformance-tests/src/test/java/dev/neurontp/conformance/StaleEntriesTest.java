package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An entry of a file of known failures is stale where its example was tried and did not fail, and only there. */
@Execution(ExecutionMode.CONCURRENT)
final class StaleEntriesTest {

    @TempDir
    private Path folder;

    /** Checks of other rules came upon it, which are not made here. */
    @ParameterizedTest
    @ValueSource(strings = {"F5 F5.always the line something", "F5"})
    void whatOtherChecksCameUponIsNotStaleInAPartOfThem(String entry) throws Exception {
        RunReport part = judge(List.of("F5"), 200, entry);
        assertThat(part.stale()).isEmpty();
        assertThat(part.outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void whatOtherChecksCameUponIsStaleWhereAllOfThemWereMade() throws Exception {
        String[] known = {"F5 F5.always the line something", "O9 O9.always (random) the field x in a reply error"};
        RunReport all = judge(List.of(), 200, known);
        assertThat(all.stale()).extracting(KnownFailures.Entry::check).containsExactly("F5.always");
        assertThat(all.outcome()).isEqualTo(Outcome.FAILED);
        RunReport few = judge(List.of(), 20, known);
        assertThat(few.stale()).isEmpty();
        assertThat(few.outcome()).isEqualTo(Outcome.PASSED);
    }

    /** A short run tries the first arguments of the list. */
    @Test
    void anExampleThatAShortRunLeavesOutIsNotStale() throws Exception {
        String known = "A3 A3.refused --worker --rank '' | {\"op\":\"ping\"}\\n";
        assertThat(judge(List.of("A3"), 20, known).stale()).isEmpty();
        assertThat(judge(List.of("A3"), 200, known).stale()).hasSize(1);
    }

    /** It may have been slow, and have said later what is known of it. */
    @ParameterizedTest
    @CsvSource({"S5.maker-gone, hangs-without-a-maker", "S3.member-leaves, hangs-without-a-member"})
    void whatARankMayHaveSaidLaterIsNotStale(String check, String hangs) throws Exception {
        String known = check.substring(0, 2) + " " + check + " something";
        assertThat(judge(TestWorkers.worker(hangs, "7a-ii"), List.of(check), 200, known)
                        .stale())
                .isEmpty();
        assertThat(judge(TestWorkers.worker("", "7a-ii"), List.of(check), 200, known)
                        .stale())
                .hasSize(1);
    }

    private RunReport judge(List<String> only, int tries, String... known) throws Exception {
        return judge(TestWorkers.worker("", "7a-i"), only, tries, known);
    }

    private RunReport judge(List<String> worker, List<String> only, int tries, String... known) throws Exception {
        Path file = Files.writeString(Files.createTempFile(folder, "known", null), String.join("\n", known) + "\n");
        RunOptions options = TestOptions.like(RunTest.options(worker, only, tries, Optional.of(file), false))
                .commIdCommand(TestWorkers.commIdMaker().toArray(String[]::new))
                .options();
        return new ConformanceRun(options, Listener.NONE).run();
    }
}
