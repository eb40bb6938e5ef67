package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is known against a host before a run begins on it. */
class HostCheckTest {
    /** A source that has no group, and knows whether it was asked for one. */
    private static final class NoGroup implements GroupSource {
        private int opened;

        @Override
        public List<String> command() {
            return List.of("neuron");
        }

        @Override
        public String communicator() {
            return "nccl";
        }

        @Override
        public Group open() throws GroupLostException {
            opened++;
            throw GroupLostException.failed("no worker here", null);
        }

        @Override
        public boolean isOwn() {
            return true;
        }
    }

    private static CaseResult row(Status status, String words) {
        return CaseResult.without(Case.step(Phase.HOST, "D11 shm"), status, words, List.of());
    }

    private static ValidationReport run(NoGroup source, HostCheck host) throws InterruptedException {
        return new ValidationRun(
                        new ValidationRun.Setup(
                                source,
                                Samples.plan(),
                                new Bars(),
                                Optional.empty(),
                                false,
                                host,
                                (_, _, _, _, _, _) -> PeerCopies.Answer.none("no"),
                                () -> GpuWatch.none("no")),
                        result -> {})
                .run();
    }

    @Test
    void aFailureEndsTheRunInItsOwnWordsBeforeAnythingIsStarted() throws InterruptedException {
        NoGroup source = new NoGroup();
        ValidationReport report = run(source, () -> List.of(row(Status.FAIL, "/dev/shm has 64 MiB")));
        assertThat(source.opened).isZero();
        assertThat(report.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(report.results()).singleElement().satisfies(result -> {
            assertThat(result.of().id()).isEqualTo("host/D11 shm");
            assertThat(result.reason()).contains("64 MiB");
        });
    }

    @Test
    void warningsAndWhatCouldNotBeLookedAtEndNothing() throws InterruptedException {
        NoGroup source = new NoGroup();
        List<CaseResult> rows =
                new ArrayList<>(List.of(row(Status.WARN, "w"), row(Status.SKIPPED, "s"), row(Status.PASS, "p")));
        ValidationReport report = run(source, () -> rows);
        assertThat(source.opened).isOne();
        assertThat(report.results()).hasSize(4);
    }

    @Test
    void aSkippedCheckSaysWhy() throws InterruptedException {
        assertThat(HostCheck.skipped("--skip-doctor").results())
                .singleElement()
                .satisfies(result -> assertThat(result.reason()).isEqualTo("--skip-doctor"));
    }
}
