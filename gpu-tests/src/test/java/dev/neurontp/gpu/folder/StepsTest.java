package dev.neurontp.gpu.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.time.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bounds of run-all, and what becomes of a part that does not keep its own. */
class StepsTest {
    private static final Deadline RUN = Deadline.in(Duration.ofMinutes(5));

    @TempDir
    private Path report;

    private static List<Step> all() {
        Steps steps = new Steps(Path.of("/folder"), RunOptions.parse(new String[0]));
        return Stream.concat(Stream.of(steps.host()), steps.afterwards(new HostFacts("nccl=2.29.7", true)).stream())
                .toList();
    }

    @Test
    void theirBoundsFitIntoThatOfTheRunAndThatInto8Minutes() {
        Duration sum = all().stream().map(Step::bound).reduce(Duration.ZERO, Duration::plus);
        assertThat(sum).isLessThanOrEqualTo(RunAll.ALL);
        assertThat(RunAll.ALL).isLessThan(Duration.ofMinutes(8));
        assertThat(new HashSet<>(all().stream().map(Step::name).toList())).hasSameSizeAs(all());
    }

    @Test
    void ranksThatShareAGpuGetWhatTheirNcclWants() {
        Steps steps = new Steps(Path.of("/folder"), RunOptions.parse(new String[0]));
        Step before = shared(steps, "nccl=2.29.7");
        Step after = shared(steps, "nccl=2.30.4");

        assertThat(before.command()).endsWith("--", "/folder/worker-with-own-hostid");
        assertThat(before.environment()).containsEntry("NCCL_NET", "Socket");
        assertThat(after.command()).doesNotContain("--");
        assertThat(after.environment()).containsEntry("NCCL_MULTI_RANK_GPU_ENABLE", "1");
    }

    private static Step shared(Steps steps, String facts) {
        return steps.afterwards(new HostFacts(facts, true)).stream()
                .filter(step -> step.name().equals("validate-shared"))
                .findFirst()
                .orElseThrow();
    }

    /** With one GPU two ranks share it; with more, a pool has all of them. */
    @Test
    void aHostWithSeveralGpusGetsAPoolOfAllOfThem() {
        Steps steps = new Steps(Path.of("/folder"), RunOptions.parse(new String[0]));
        List<Step> several = steps.afterwards(new HostFacts("nccl=2.30.4\ndevices=8", true));
        assertThat(several).extracting(Step::name).contains("validate-all").doesNotContain("validate-shared");
        assertThat(several.stream()
                        .filter(step -> step.name().equals("validate-all"))
                        .findFirst()
                        .orElseThrow()
                        .command())
                .containsSequence("validate", "-n", "8")
                .contains("--require-hardware");
        assertThat(several.stream().map(Step::bound).reduce(Duration.ZERO, Duration::plus))
                .isLessThanOrEqualTo(RunAll.ALL.minus(steps.host().bound()));
        assertThat(steps.names()).contains("host", "validate-one", "validate-shared", "validate-all", "doctor-after");
    }

    private StepEnd run(Duration bound, Deadline deadline, String script) throws Exception {
        Step step = new Step("a", "a.txt", bound, false, 3, Map.of("A", "b"), List.of("sh", "-c", script));
        return RunningStep.start(step, report).end(deadline);
    }

    @Test
    void itsExitCodeIsItsState() throws Exception {
        assertThat(run(Duration.ofMinutes(1), RUN, "echo $A").state()).isEqualTo(StepEnd.State.PASSED);
        assertThat(Files.readString(report.resolve("a.txt"))).isEqualTo("b\n");
        assertThat(run(Duration.ofMinutes(1), RUN, "exit 3").state()).isEqualTo(StepEnd.State.NOT_RUN);
        StepEnd failed = run(Duration.ofMinutes(1), RUN, "exit 4");
        assertThat(failed.state()).isEqualTo(StepEnd.State.FAILED);
        assertThat(failed.words()).isEqualTo("exit code 4");
    }

    @Test
    void whatDoesNotEndInItsTimeIsEndedWithAllThatItStarted() throws Exception {
        StepEnd end = run(Duration.ofMillis(500), RUN, "sleep 600 & echo $!; trap : TERM; wait; echo said");

        assertThat(end.state()).isEqualTo(StepEnd.State.TIMED_OUT);
        assertThat(end.words()).isEqualTo("it may take 500 ms and was ended");
        List<String> said = Files.readAllLines(report.resolve("a.txt"));
        assertThat(said).as("it could say what it had found").endsWith("said");
        ProcessHandle.of(Long.parseLong(said.getFirst()))
                .ifPresent(sleep -> assertThat(sleep.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void theTimeOfTheWholeRunIsABoundToo() throws Exception {
        assertThat(run(Duration.ofMinutes(1), Deadline.in(Duration.ZERO), "exec sleep 600")
                        .state())
                .isEqualTo(StepEnd.State.TIMED_OUT);
    }

    @Test
    void aWrongCommandLineIsRefusedWithTheOption() {
        for (String[] arguments : List.of(
                new String[] {"--out"}, new String[] {"--ouy", "x"}, new String[] {"x"}, new String[] {"--only"})) {
            assertThatThrownBy(() -> RunOptions.parse(arguments))
                    .as(String.join(" ", arguments))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(arguments[0]);
        }
        assertThat(RunOptions.parse(new String[] {"--only", "doctor,host", "--tests", "A"}))
                .satisfies(options -> {
                    assertThat(options.only()).containsExactly("doctor", "host");
                    assertThat(options.tests()).isEqualTo("A");
                });
    }
}
