package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the host gives no more threads, the one that has seen the end of a rank ends it. */
@Timeout(60)
class ReaderEndTest {
    @Test
    void aReaderDoesNotWaitForItself() throws Exception {
        ChildProcess child = ChildProcess.start(new ProcessBuilder("sh", "-c", "exit 3"));
        WorkerProcess process = new WorkerProcess(1, child, (_, _) -> {});
        PipeRank rank = new PipeRank(new RankIdentity(1, 2, 0), process, true);
        CompletableFuture<RankExit> exit = new CompletableFuture<>();
        process.listen(() -> {}, _ -> end(rank, exit));
        assertThat(exit.get(20, TimeUnit.SECONDS).abandonedReaders()).isZero();
    }

    private static void end(PipeRank rank, CompletableFuture<RankExit> exit) {
        try {
            Deadline late = Deadline.in(Duration.ofSeconds(20));
            exit.complete(rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, late)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exit.completeExceptionally(e);
        }
    }
}
