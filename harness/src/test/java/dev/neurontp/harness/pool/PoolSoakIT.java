package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.Communicators;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred pools of our own workers, one after another. */
@Tag("soak")
class PoolSoakIT {
    private static final int ROUNDS = 100;
    private static final String MARK_NAME = "NEURONTP_TEST_MARK";

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    @Timeout(600)
    void aHundredPoolsLeaveNothing(int worldSize) throws Exception {
        String id = UUID.randomUUID().toString();
        PoolOptions options = PoolOptions.DEFAULT
                .withCommunicator(Communicators.withoutGpu())
                .withEnvironment(Map.of(
                        MARK_NAME,
                        id,
                        "TMPDIR",
                        temporary.toString(),
                        "NEURON_JAVA_OPTS",
                        "-Djava.io.tmpdir=" + temporary));
        one(worldSize, options);
        ResourceBaseline before = ResourceBaseline.take();
        for (int i = 0; i < ROUNDS; i++) {
            one(worldSize, options);
        }
        before.assertUnchanged(MARK_NAME + "=" + id, temporary);
    }

    private static void one(int worldSize, PoolOptions options) throws Exception {
        try (WorkerPool pool = WorkerPool.spawn(RealWorkers.COMMAND, worldSize, TestPool.devices(worldSize), options)) {
            pool.pingAll();
            ShutdownReport report = pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
        }
    }
}
