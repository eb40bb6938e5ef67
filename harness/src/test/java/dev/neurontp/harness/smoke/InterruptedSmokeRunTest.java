package dev.neurontp.harness.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.pool.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is interrupted before it has begun, as where nobody reads what is printed before. */
class InterruptedSmokeRunTest {
    @Test
    @Timeout(10)
    void beforeItsBeginningNothingIsWaitedForAndNothingIsStarted() {
        List<SmokeStep> done = new ArrayList<>();
        SmokeRun run = new SmokeRun(List.of("/no/such/worker"), 2, List.of(0L, 1L), PoolOptions.DEFAULT);
        run.interrupt();
        assertThatThrownBy(() -> run.run(done::add)).isInstanceOf(InterruptedException.class);
        assertThat(done).isEmpty();
    }
}
