package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.TestExecutionResult.Status.ABORTED;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;
import static org.junit.platform.launcher.TagFilter.includeTags;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.AssertionFailedError;

/** What a build that uses the judge sees, with real workers. */
class WireContractTestsTest {
    /** Of stage 7a-i: all but S2 to S6. */
    private static final int RULES = 34;

    @TempDir
    private static Path folder;

    @BeforeEach
    void needsPython() {
        Worker.require();
    }

    static class RightWorker extends WireContractTests {
        static final AtomicInteger JUDGES = new AtomicInteger();

        @Override
        protected WorkerJudge judge() {
            JUDGES.incrementAndGet();
            return Worker.right();
        }
    }

    /** One run for all tests that only select. */
    static class Selected extends WireContractTests {
        private static final WorkerJudge JUDGE = Worker.right();

        @Override
        protected WorkerJudge judge() {
            return JUDGE;
        }
    }

    static class WrongWorker extends WireContractTests {
        @Override
        protected WorkerJudge judge() {
            return Worker.wrong().report(folder.resolve("wire"));
        }
    }

    static class OneLine {
        @WireContractTest
        Stream<DynamicNode> wire() throws InterruptedException {
            return Worker.wrong().should(ShouldPolicy.PASS).tests();
        }
    }

    static class Strict {
        @WireContractTest
        Stream<DynamicNode> wire() throws InterruptedException {
            return Worker.wrong().only("O10s").should(ShouldPolicy.FAIL).tests();
        }
    }

    @Test
    void eachRuleOfTheWorkersStageIsATestAndTheOthersAreAborted() {
        Execution execution = Execution.of(RightWorker.class);

        assertThat(execution.rules(SUCCESSFUL)).hasSize(RULES).contains("A1", "F1s", "O6", "S1", "L4");
        assertThat(execution.inOrder())
                .startsWith("A1", "A3", "A2", "A4", "A5", "F1")
                .endsWith("L4", "L2s");
        assertThat(execution.rules(ABORTED)).containsExactly("S2", "S3", "S4", "S5", "S6");
        assertThat(execution.words("S3")).isEqualTo("not of stage 7a-i");
        assertThat(execution.rules(FAILED)).isEmpty();
        assertThat(execution.failedFactories()).isEmpty();
    }

    @Test
    void theSuiteRunsOnceForAClassAlsoWhereItsFactoriesRunAtTheSameTime() {
        int before = RightWorker.JUDGES.get();
        Execution.of(
                RightWorker.class,
                kit -> kit.configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent"));
        assertThat(RightWorker.JUDGES.get() - before).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"MUST, 31", "SHOULD, 8", "frames, 12", "frames & SHOULD, 2", "ending, 5", "MUST & !starting, 29"})
    void tagsOfLevelAndChapterSelect(String tags, int tests) {
        Execution execution = Execution.of(Selected.class, kit -> kit.filters(includeTags(tags)));
        assertThat(execution.tests()).hasSize(tests);
    }

    @Test
    void aBrokenMustFailsWithItsTextAndABrokenShouldIsAborted() {
        Execution execution = Execution.of(WrongWorker.class);

        assertThat(execution.rules(FAILED)).containsExactly("O6");
        assertThat(execution.words("O6"))
                .contains("O6.lenient  MUST  what is no request is refused")
                .contains("sent       {\"op\":\"ping\",\"x\":NaN}")
                .contains("expected   an error of kind bad_request")
                .contains("got        {\"op\":\"pong\",\"rank\":1,\"world_size\":3,\"cuda_device\":0}")
                .contains("again      tpctl conformance run --only O6.lenient --seed 7 --tries 10")
                .contains("here       -Dneurontp.wire.only=O6.lenient -Dneurontp.wire.seed=7 -Dneurontp.wire.tries=10");
        assertThat(execution.rules(ABORTED)).contains("O10s");
        assertThat(execution.words("O10s"))
                .startsWith("a SHOULD that the worker breaks\nO10s.")
                .contains(
                        "SHOULD  messages are short", "-Dneurontp.wire.only=O10s,O10s.long-op -Dneurontp.wire.seed=7");
        assertThat(folder.resolve("wire/report.html")).isNotEmptyFile();
        assertThat(folder.resolve("wire/known-failures.txt"))
                .content()
                .contains("\nO6 O6.lenient ")
                .doesNotContain("O10s");
    }

    /** IDEs show the two side by side. */
    @Test
    void aFailureHasWhatWasExpectedAndWhatCame() {
        Execution execution = Execution.of(WrongWorker.class);
        assertThat(execution.failure("O6")).isInstanceOfSatisfying(AssertionFailedError.class, failure -> {
            assertThat(failure.getExpected().getStringRepresentation()).contains("bad_request");
            assertThat(failure.getActual().getStringRepresentation()).contains("pong");
            assertThat(failure.getStackTrace()).isEmpty();
        });
    }

    @Test
    void theTranscriptIsAReportEntryOfTheRulesTest() {
        Execution execution = Execution.of(WrongWorker.class);

        assertThat(execution.entries()).containsOnlyKeys("O6", "O10s");
        assertThat(execution.entries().get("O6").get("transcript"))
                .contains("> {\"op\":\"ping\",\"x\":NaN}")
                .contains("< {\"op\":\"pong\",\"rank\":1,\"world_size\":3,\"cuda_device\":0}");
        assertThat(execution.entries().get("O10s").get("transcript"))
                .hasSizeLessThan(40_000)
                .contains("bytes in all");
    }

    @Test
    void oneLineIsEnoughAndAShouldPassesWhereThatIsWanted() {
        Execution execution = Execution.of(OneLine.class);

        assertThat(execution.rules(FAILED)).containsExactly("O6");
        assertThat(execution.rules(SUCCESSFUL)).contains("O10s").hasSize(RULES - 1);
        assertThat(execution.entries()).containsOnlyKeys("O6", "O10s");
        assertThat(execution.containers())
                .contains("A: starting", "F: frames", "O: operations", "S: stages", "L: ending");
    }

    @Test
    void aShouldFailsWhereThatIsWanted() {
        Execution execution = Execution.of(Strict.class);
        assertThat(execution.rules(FAILED)).containsExactly("O10s");
        assertThat(execution.words("O10s")).contains("--strict");
    }

    static class KnownFailures {
        @WireContractTest
        Stream<DynamicNode> wire() throws InterruptedException {
            return Worker.wrong().knownFailures(folder.resolve("known")).tests();
        }
    }

    @Test
    void aKnownFailureIsAbortedAndOneThatIsNoneAnyMoreFails() throws Exception {
        Files.write(folder.resolve("known"), List.of("O6", "F2 F2.inside"));

        Execution execution = Execution.of(KnownFailures.class);

        assertThat(execution.rules(ABORTED)).contains("O6");
        assertThat(execution.words("O6")).startsWith("a known failure\nO6.lenient");
        assertThat(execution.named(FAILED)).containsExactly("known failure F2 F2.inside");
        assertThat(execution.rules(SUCCESSFUL)).contains("F2");
    }

    @Test
    void systemPropertiesSeeOneFailureAgain() {
        System.setProperty("neurontp.wire.only", "O6.lenient, F1");
        System.setProperty("neurontp.wire.seed", "11");
        try {
            Execution execution = Execution.of(OneLine.class);
            assertThat(execution.rules(SUCCESSFUL)).containsExactly("F1");
            assertThat(execution.rules(FAILED)).containsExactly("O6");
            assertThat(execution.words("O6")).contains("-Dneurontp.wire.seed=11");
        } finally {
            System.clearProperty("neurontp.wire.only");
            System.clearProperty("neurontp.wire.seed");
        }
    }
}
