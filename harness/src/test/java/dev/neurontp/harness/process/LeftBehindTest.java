package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeftBehindTest {
    /** A look that failed must not be forgotten by one that asked for something else. */
    @Test
    void whatCouldNotBeSeenIsLookedForAgain() throws Exception {
        Process left = new ProcessBuilder("sleep", "7654").start();
        try {
            AtomicBoolean blind = new AtomicBoolean(true);
            LeftBehind ended = new LeftBehind();
            ended.end(Duration.ofMillis(50), table -> {
                if (blind.get()) {
                    table.unseen(new IOException("too many open files"));
                    return List.of();
                }
                return table.processes().stream()
                        .filter(process -> process.pid() == left.pid())
                        .toList();
            });
            assertThat(ended.unseen()).contains("too many open files");
            blind.set(false);
            ended.end(table -> List.of());
            assertThat(ended.names()).isEqualTo(List.of("sleep (pid " + left.pid() + ")"));
            assertThat(ended.unseen()).isEmpty();
        } finally {
            left.destroyForcibly();
        }
    }

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
