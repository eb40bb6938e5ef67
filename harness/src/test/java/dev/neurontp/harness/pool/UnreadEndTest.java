package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks whose process has ended before its pipes were read, as where the others of its pool take long to start. */
@Timeout(60)
class UnreadEndTest {
    /** Java has closed its own ends of the pipes by then, so that they are at their end whoever holds them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsLeftThatShowsNothingIsFoundByItsPipes(boolean isRead) throws Exception {
        ChildProcess child =
                ChildProcess.start(new ProcessBuilder("sh", "-c", "env -i setsid sleep 300 & read line; exit 0"));
        WorkerProcess process = new WorkerProcess(1, child, (_, _) -> {});
        PipeRank rank = new PipeRank(new RankIdentity(1, 2, 0), process, true);
        process.write("end\n".getBytes(StandardCharsets.US_ASCII));
        child.process().waitFor();
        if (isRead) {
            rank.open(new PoolRank.Listener() {
                @Override
                public void moved(PoolRank moved, RankState state) {}

                @Override
                public void failed(PoolRank failed, RankFault fault) {}
            });
        }
        Deadline late = Deadline.in(Duration.ofSeconds(20));
        RankExit exit = rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, late));
        assertThat(exit.leftBehind()).singleElement().asString().matches("(sh|env|setsid|sleep) \\(pid \\d+\\)");
        assertThat(exit.clean()).isFalse();
    }
}
