package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.mutant.BusyHost;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The unharmed worker passes with 200 seeds in a row while the host is busy: no flake. */
@Tag("soak")
final class SoakTest {

    private static final int SEEDS = Integer.getInteger("neurontp.soak.seeds", 200);

    @Test
    void theUnharmedWorkerPassesWithEverySeedUnderLoad() {
        try (BusyHost _ = new BusyHost()) {
            for (long seed = 1; seed <= SEEDS; seed++) {
                RunReport report = TestWorkers.judge("", "7a-i", List.of(), 20, Duration.ofSeconds(10), seed);
                assertThat(report.findings()).as("seed %s", seed).isEmpty();
                assertThat(report.outcome())
                        .as("seed %s, %s", seed, report.errors())
                        .isEqualTo(Outcome.PASSED);
                if (seed % 10 == 0) {
                    System.out.printf("%d of %d seeds passed%n", seed, SEEDS);
                }
            }
        }
    }
}
