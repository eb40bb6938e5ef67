package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OperationTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Test
    void aDeadlineBeginsWhenItsFrameIsWritten() {
        Operation operation = new Operation(Op.INIT, LIMIT, 1);
        Duration spent = Duration.ofMillis(500);
        Awaitility.await().until(() -> operation.elapsed().compareTo(spent) > 0);
        Duration before = operation.left();

        operation.begin();

        assertThat(operation.left()).isGreaterThan(before);
    }
}
