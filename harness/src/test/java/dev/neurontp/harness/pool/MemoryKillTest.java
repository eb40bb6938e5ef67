package dev.neurontp.harness.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.testing.MemoryGroup;
import dev.neurontp.worker.comm.RankIdentity;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel ends for lack of memory is told as that, whatever it was for. */
@Timeout(60)
class MemoryKillTest {
    private static Deadline late() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private static WorkerProcess eaterIn(MemoryGroup group) throws IOException {
        ChildProcess child = ChildProcess.start(new ProcessBuilder("sh", "-c", MemoryGroup.EATER));
        group.take(child.process().pid());
        return new WorkerProcess(1, child, (_, _) -> {});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRankWhetherOrNotItsCommandIsTheWorker(boolean commandIsWorker) throws Exception {
        try (MemoryGroup group = MemoryGroup.create()) {
            WorkerProcess process = eaterIn(group);
            PipeRank rank = new PipeRank(new RankIdentity(1, 2, 0), process, commandIsWorker);
            process.listen(() -> {}, _ -> {});
            process.write("\n".getBytes(UTF_8));
            assertThat(process.awaitExit(late())).isTrue();
            RankExit exit = rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, late()));
            assertThat(exit.describe()).startsWith("killed by the kernel: out of memory");
            assertThat(exit.gone()).isEqualTo(commandIsWorker);
        }
    }

    @Test
    void whatMakesTheCommId() throws Exception {
        try (MemoryGroup group = MemoryGroup.create()) {
            WorkerProcess maker = eaterIn(group);
            maker.listenToStderr();
            maker.write("\n".getBytes(UTF_8));
            assertThatThrownBy(() -> new CommIdAnswer(maker).await(late()))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("; the end of that process: killed by the kernel: out of memory");
            maker.closePipes();
        }
    }
}
