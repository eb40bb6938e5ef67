package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.RunOptions.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** Workers of which nothing can be judged: each is one clear failure, within a bound. */
@Timeout(60)
class UnjudgeableWorkerTest {
    @TempDir
    private static Path folder;

    static class Missing extends WireContractTests {
        @Override
        protected WorkerJudge judge() {
            return WorkerJudge.of("no-such-worker");
        }
    }

    /** No rule is said to pass or to be skipped: the factories fail. */
    @Test
    void aMissingProgramFailsEachFactory() {
        Execution execution = Execution.of(Missing.class);
        assertThat(execution.tests()).isEmpty();
        assertThat(execution.failedFactories().getFirst())
                .as("the first one tells all")
                .contains("\n  command    no-such-worker --worker --rank 1");
        assertThat(execution.failedFactories().subList(1, 10)).noneMatch(words -> words.contains("\n"));
        assertThat(execution.failedFactories())
                .hasSize(10)
                .allSatisfy(
                        words -> assertThat(words)
                                .startsWith(
                                        "the worker could not be judged at all: there is no program 'no-such-worker' on the PATH"));
    }

    /** They would be published as those of this run. */
    @Test
    void theReportsOfAnEarlierRunAreRemovedBeforeOneThatCannotBegin(@TempDir Path reports) throws Exception {
        Path old = Files.writeString(reports.resolve("junit.xml"), "a pass");
        Path known = Files.writeString(reports.resolve("known-failures.txt"), "# of a run that came to its end");
        assertThatThrownBy(() -> WorkerJudge.of("no-such-worker")
                        .report(reports)
                        .knownFailures(reports.resolve("missing"))
                        .tests())
                .isInstanceOf(UsageException.class);
        assertThat(old).doesNotExist();
        assertThat(known).exists();
    }

    @Test
    void aCommandInOneWordIsToldHowToBeWritten() {
        assertThatThrownBy(() -> WorkerJudge.of("python3 worker.py").tests())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("give the program and each of its arguments as a word of its own");
    }

    @Test
    void aWorkerThatEndsAtOnceIsToldWithItsLastWords() {
        assertThatThrownBy(() -> WorkerJudge.of("/bin/sh", "-c", "echo no GPU here >&2; exit 3")
                        .tests())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("stderr     no GPU here");
    }

    /** A build tool prints it, and the CI system that runs the build reads that. */
    @Test
    void itsLastWordsAreNoCommandOfACiSystem() {
        assertThatThrownBy(
                        () -> WorkerJudge.of("/bin/sh", "-c", "echo \"##teamcity[buildStop comment='x']\" >&2; exit 3")
                                .tests())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("stderr     #<U+0023>teamcity[buildStop")
                .hasMessageNotContaining("##teamcity");
    }

    @Test
    void aWorkerThatHangsIsGivenUpAndEnded() throws Exception {
        Path pid = folder.resolve("pid");
        assertThatThrownBy(() -> WorkerJudge.of("/bin/sh", "-c", "echo $$ >" + pid + "; exec sleep 300")
                        .startTimeout(Duration.ofMillis(500))
                        .tests())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("the worker could not be judged at all");
        assertThat(process(pid)).isEmpty();
    }

    @Test
    void anInterruptEndsTheRunAndItsWorkers() throws Exception {
        Path pid = folder.resolve("interrupted");
        WorkerJudge judge = WorkerJudge.of("/bin/sh", "-c", "echo $$ >" + pid + "; exec sleep 300");
        Thread test = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(judge::tests).isInstanceOf(InterruptedException.class));
        Awaitility.await().until(() -> process(pid).isPresent());
        test.interrupt();
        test.join(Duration.ofSeconds(20));
        assertThat(test.isAlive()).isFalse();
        Awaitility.await().until(() -> process(pid).isEmpty());
    }

    /** The command line calls it NOT JUDGED and exits with 3. */
    @Test
    void aRunThatJudgesNothingIsNoPass() {
        Worker.require();
        assertThatThrownBy(() -> Worker.right().only("S3").tests().toList())
                .hasMessageContaining("nothing was judged")
                .hasMessageContaining("stage 7a-i");
    }

    @Test
    void aSettingThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> WorkerJudge.of().tests()).hasMessageContaining("no command to judge");
        assertThatThrownBy(() -> WorkerJudge.of("true").tries(0).tests()).hasMessageContaining("--tries is 0");
        assertThatThrownBy(() -> WorkerJudge.of("true").only("Z9").tests())
                .hasMessageContaining("--only Z9 matches no rule");
        assertThatThrownBy(() -> WorkerJudge.of("true").stage("8")).hasMessageContaining("no stage is called '8'");
        assertThatThrownBy(() -> WorkerJudge.of("true").environment("A=B", "").tests())
                .hasMessageContaining("no variable can be called 'A=B'");
        assertThatThrownBy(() ->
                        WorkerJudge.of("true").knownFailures(Path.of("gone")).tests())
                .hasMessageContaining("gone");
    }

    @Test
    void aJudgeThatHasRunTakesNoMoreSettings() {
        WorkerJudge judge = WorkerJudge.of("no-such-worker");
        assertThatThrownBy(judge::tests).isInstanceOf(AssertionFailedError.class);
        assertThatThrownBy(() -> judge.seed(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the suite has run");
    }

    private static Optional<ProcessHandle> process(Path file) throws Exception {
        String text = Files.exists(file) ? Files.readString(file).strip() : "";
        return text.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(text));
    }
}
