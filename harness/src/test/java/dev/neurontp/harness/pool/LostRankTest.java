package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers behind a launcher, whose exit says nothing of them: no rank is called gone whose end nobody has seen. */
@Timeout(60)
class LostRankTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    private final String mark = "NEURONTP_TEST_MARK=" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @AfterEach
    void endTheWorkers() {
        Processes.with(mark).forEach(Processes.Running::kill);
    }

    @Test
    void aWorkerThatOutlivesItsLauncherIsLostAndNeverGone() throws Exception {
        try (WorkerPool pool = pool("none", TestPool.DEADLINES)) {
            pool.pingAll();
            ProcessHandle.of(pool.state().ranks().get(1).process().orElseThrow().pid())
                    .orElseThrow()
                    .destroyForcibly();
            await().until(() -> pool.state().state() == PoolState.FAILED);
            ShutdownReport report = pool.shutdown();
            assertThat(Processes.with(mark)).as("workers that live on").hasSize(2);
            assertThat(report.gone()).isFalse();
            assertThat(report.lost()).hasSize(2);
            assertThat(report.of(1).gone()).isFalse();
            assertThat(report.of(1).describe())
                    .startsWith("exit 137 (SIGKILL)")
                    .endsWith("; lost: the command has ended, and nothing shows that its worker has");
            assertThat(pool.state().ranks()).extracting(RankSnapshot::state).containsOnly(RankState.LOST);
            assertThat(pool.state().state()).isEqualTo(PoolState.FAILED);
            assertThat(pool.failure().orElseThrow().getMessage()).contains("lost: the command has ended");
        }
    }

    @Test
    void aWorkerThatSaysByeIsGoneWhenItsLauncherLeavesInOrder() throws Exception {
        try (WorkerPool pool = pool("none", TestPool.DEADLINES)) {
            pool.pingAll();
            ShutdownReport report = pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThat(pool.state().state()).isEqualTo(PoolState.GONE);
            assertThat(Processes.with(mark)).isEmpty();
        }
    }

    /** It answers bye and stays: that its launcher ends at a signal says nothing. */
    @Test
    void aByeAloneIsNoEvidence() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (WorkerPool pool = pool("stays@1#2", hasty)) {
            pool.pingAll();
            ShutdownReport report = pool.shutdown();
            assertThat(report.of(1).bye()).isTrue();
            assertThat(report.of(1).isLost()).isTrue();
            assertThat(Processes.with(mark)).isNotEmpty();
            assertThat(pool.state().state()).isEqualTo(PoolState.LOST);
            assertThat(pool.state().ranks().get(1).state()).isEqualTo(RankState.LOST);
        }
    }

    private WorkerPool pool(String faults, Deadlines deadlines) throws Exception {
        Path launcher = Path.of(getClass().getResource("/launcher.sh").toURI());
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString(), folder.toString(), mark));
        command.addAll(TestPool.command(faults));
        PoolOptions options = PoolOptions.DEFAULT
                .withDeadlines(deadlines)
                .withRankZero(PoolOptions.RankZero.SPAWNED)
                .withCommunicatorSource(new ScriptedCommunicators());
        return WorkerPool.spawn(command, 2, TestPool.devices(2), options);
    }
}
