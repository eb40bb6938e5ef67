package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks whose time to end is over before everything was done, as where their leader stood still meanwhile. */
@Timeout(60)
class UnseenEndTest {
    private static final Deadline OVER = Deadline.in(Duration.ZERO);

    private final ChildProcess child;
    private final PipeRank rank;

    UnseenEndTest() throws Exception {
        child = ChildProcess.start(new ProcessBuilder("sh", "-c", "trap '' TERM; while :; do sleep 300; done"));
        rank = new PipeRank(new RankIdentity(1, 2, 0), new WorkerProcess(1, child, (_, _) -> {}), true);
    }

    @Test
    void theyAreLostAndWhatMayBeLeftIsKnown() throws Exception {
        RankExit exit = rank.exit(Duration.ZERO);
        assertThat(exit.gone()).isFalse();
        assertThat(exit.isLost()).isTrue();
        assertThat(exit.outlivedSigkill()).isFalse();
        assertThat(exit.describe()).isEqualTo("still running; lost: its end was not seen in the time for it");
        Remains remains = exit.remains();
        assertThat(remains.gone(ProcessTable::read)).isFalse();
        assertThat(RankExit.brokenOff(rank, Duration.ZERO).remains().gone(ProcessTable::read))
                .isFalse();
        rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, OVER));
        assertThat(remains.gone(ProcessTable::read)).isTrue();
    }

    @Test
    void theyGetSigkillAllTheSame() throws Exception {
        RankExit exit = rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, OVER));
        assertThat(exit.gone()).as(exit.describe()).isTrue();
        assertThat(exit.steps()).containsExactly(RankExit.SIGTERM, RankExit.SIGKILL);
        assertThat(exit.remains().none()).isTrue();
    }

    /** What they have started was not looked for. */
    @Test
    void theyAreLostAlsoWhereTheirProcessHasEnded() throws Exception {
        child.kill(Deadline.in(Duration.ofSeconds(30)));
        RankExit exit = rank.exit(Duration.ZERO);
        assertThat(exit.isLost()).isTrue();
        assertThat(exit.remains().others()).isPresent();
        rank.end(new PoolRank.Termination(null, true, TestPool.DEADLINES, OVER));
        assertThat(exit.remains().gone(ProcessTable::read)).isTrue();
    }
}
