package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Processes;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** A pool of faulty workers, real processes that all carry a mark, by which the test finds what is left of them. */
final class TestPool implements AutoCloseable {
    /** Short where a test waits for it to pass, long where it must not. */
    static final Deadlines DEADLINES = Deadlines.DEFAULT
            .withPing(Duration.ofSeconds(20))
            .withInit(Duration.ofSeconds(30))
            .withSanity(Duration.ofSeconds(20));

    private static final String MARK_NAME = "NEURONTP_TEST_MARK";

    final String mark = MARK_NAME + "=" + UUID.randomUUID();
    final ScriptedCommunicators communicators = new ScriptedCommunicators();
    final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();
    final Queue<String> stderr = new ConcurrentLinkedQueue<>();
    final PoolOptions options;
    final WorkerPool pool;

    private TestPool(String faults, int worldSize, UnaryOperator<PoolOptions> change)
            throws PoolFailure, InterruptedException {
        PoolOptions base = PoolOptions.DEFAULT
                .withDeadlines(DEADLINES)
                .withCommunicatorSource(communicators)
                .withCommandIsWorker(true)
                .withStderr((rank, line) -> stderr.add(rank + ": " + line))
                .withListener(events::add)
                .withEnvironment(Map.of(MARK_NAME, mark.substring(MARK_NAME.length() + 1)));
        options = change.apply(base);
        pool = WorkerPool.spawn(command(faults), worldSize, devices(worldSize), options);
    }

    static TestPool of(String faults, int worldSize) throws PoolFailure, InterruptedException {
        return new TestPool(faults, worldSize, options -> options);
    }

    static TestPool of(String faults, int worldSize, UnaryOperator<PoolOptions> change)
            throws PoolFailure, InterruptedException {
        return new TestPool(faults, worldSize, change);
    }

    static TestPool of(String faults, int worldSize, Deadlines deadlines) throws PoolFailure, InterruptedException {
        return new TestPool(faults, worldSize, options -> options.withDeadlines(deadlines));
    }

    static List<String> command(String faults) {
        return List.of("/bin/sh", script().toString(), faults);
    }

    static List<Long> devices(int worldSize) {
        return LongStream.range(0, worldSize).boxed().toList();
    }

    static Path script() {
        try {
            return Path.of(TestPool.class.getResource("/faulty-worker.sh").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    long pid(int rank) {
        return pool.state().ranks().get(rank).process().orElseThrow().pid();
    }

    /** Ends the pool and holds the invariant of every test: nothing is left of it. */
    @Override
    public void close() {
        pool.close();
        assertNothingLeft();
    }

    void assertNothingLeft() {
        assertThat(pool.state().ranks()).extracting(RankSnapshot::state).containsOnly(RankState.GONE);
        assertThat(Processes.with(mark))
                .as("processes of the pool that are left")
                .isEmpty();
    }
}
