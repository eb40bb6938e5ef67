package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void aDeadlineBeginsWhenItsFrameIsWritten() {
        PoolRank rank = new LocalRank(new RankIdentity(0, 2, 0), new ScriptedCommunicators());
        Exchange<?> exchange = new Exchange<>(Operation.INIT, LIMIT, List.of(rank));
        Duration spent = Duration.ofMillis(500);
        Awaitility.await().until(() -> exchange.elapsed().compareTo(spent) > 0);
        Duration before = exchange.left();

        exchange.ask(Operation.INIT.request("0f".repeat(128)));

        assertThat(exchange.left()).isGreaterThan(before);
    }
}
