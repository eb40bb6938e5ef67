package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeftBehindTest {
    /** On a busy host one look at all processes can take longer than the whole bound. */
    @Test
    void whatWasFoundIsEndedAlthoughTheLookTookAllTheTime() throws Exception {
        Process left = new ProcessBuilder("sleep", "7655").start();
        try {
            LeftBehind ended = new LeftBehind();
            ended.end(
                    Duration.ZERO,
                    table -> table.processes().stream()
                            .filter(process -> process.pid() == left.pid())
                            .toList());
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
            await().atMost(Duration.ofSeconds(30)).until(() -> !left.isAlive());
        } finally {
            left.destroyForcibly();
        }
    }
}
