package dev.neurontp.harness.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.ErrorType;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operation says of itself when it is over: the status of a created pool hangs on it. */
class PoolOperationTest {
    private final PoolOperation start = new PoolOperation(
            "op-1", "abc", OperationKind.SPAWN, Optional.empty(), Duration.ofSeconds(1), Clock.systemUTC());

    @Test
    void oneThatIsUnderWayHasNotSucceeded() {
        start.begin();
        assertThat(start.hasSucceeded()).isFalse();
    }

    @Test
    void oneThatHasFailedHasNotSucceeded() {
        start.complete(
                new OperationOutcome.Failed(new PoolRequestException(ErrorType.POOL_FAILED, "rank 0 has ended")));
        assertThat(start.hasSucceeded()).isFalse();
    }

    @Test
    void oneWhoseRanksHaveAllAnsweredHasSucceeded() {
        start.complete(new OperationOutcome.Replied(null));
        assertThat(start.hasSucceeded()).isTrue();
    }
}
