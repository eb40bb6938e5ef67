package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WriteStallTest {
    @Test
    void aWorkerThatAnswersWithoutReadingEndsAtTheDeadline() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = TestPool.script().getParent().toString();
        List<String> command =
                List.of(java, "-XX:-UsePerfData", "-Xshare:auto", "-cp", classes, UnreadingWorker.class.getName());
        PoolOptions options = PoolOptions.DEFAULT.withDeadlines(Deadlines.DEFAULT.withPing(Duration.ofSeconds(1)));
        try (WorkerPool pool = WorkerPool.spawn(command, 2, List.of(0L, 0L), options)) {
            PoolFailure failure = FaultTest.failure(() -> {
                while (true) {
                    pool.pingAll();
                }
            });
            assertThat(failure.getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("it does not read its stdin: the pipe to it is full");
        }
    }
}
