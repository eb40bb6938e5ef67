package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opentest4j.AssertionFailedError;

/** A run that the command line calls no pass is red here too. */
@Timeout(60)
class LateRunTest {

    /** All of it was judged, but for the end of the shared workers. */
    @Test
    void aRunWhoseTimeIsOverBehindItsChecksIsNoPass() {
        Worker.require();
        RunReport late = stoppedAfterTheLast("the time for the run is over");
        assertThat(late.outcome()).isEqualTo(Outcome.OUT_OF_TIME);
        assertThat(late.count(Verdict.MISSING)).isZero();
        assertThatThrownBy(() -> new RuleTestFactory(late, ShouldPolicy.ABORT, true))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("the time for the run is over");
    }

    private static RunReport stoppedAfterTheLast(String why) {
        AtomicReference<ConformanceRun> run = new AtomicReference<>();
        Listener stops = new Listener() {
            @Override
            public void done(Check check, int done, int all) {
                if (done == all) {
                    run.get().stop(why);
                }
            }
        };
        run.set(new ConformanceRun(options(), stops));
        return run.get().run();
    }

    private static RunOptions options() {
        return new RunOptions(
                List.of("/usr/bin/python3", Worker.PROGRAM.toString()),
                Optional.empty(),
                "",
                List.of("F11"),
                List.of(),
                Optional.empty(),
                7,
                10,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                false,
                false,
                1,
                List.of(),
                List.of(2),
                "tpctl conformance run");
    }
}
