package dev.neurontp.harness.pool;

import dev.neurontp.worker.Communicators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A leader for tests that kill, stop or limit one: {@code PoolLeader idle|init|spawned-init|ping|used|shutdown WORLD_SIZE COMMAND...}. Says {@code ready}, what has
 * failed, and how every rank ended.
 */
final class PoolLeader {
    /** For the pings of all modes. */
    static final Duration PING = Duration.ofSeconds(5);

    /** For each step of an end. */
    static final Duration END = Duration.ofSeconds(3);

    private PoolLeader() {}

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(List.of(args));
        String mode = words.removeFirst();
        int worldSize = Integer.parseInt(words.removeFirst());
        PoolOptions options = PoolOptions.DEFAULT
                .withDeadlines(Deadlines.DEFAULT.withPing(PING).withEnd(END, END, END))
                .withCommunicator(Communicators.withoutGpu())
                .withCommandIsWorker(true)
                .withStderr((rank, line) -> System.err.println(rank + ": " + line))
                .withListener(PoolLeader::say);
        if (mode.equals("used")) {
            useUp(words, options);
        }
        if (mode.equals("spawned-init")) {
            options = options.withRankZero(PoolOptions.RankZero.SPAWNED);
        }
        WorkerPool pool = WorkerPool.spawn(words, worldSize, Collections.nCopies(worldSize, 0L), options);
        pool.endOnExit();
        pool.pingAll();
        if (mode.endsWith("init")) {
            // READY is said by the listener when the init has begun.
            init(pool);
        } else {
            System.out.println("ready");
        }
        if (mode.equals("ping")) {
            ping(pool);
        }
        if (mode.equals("shutdown")) {
            pool.shutdown();
        }
        Thread.currentThread().join();
    }

    /** A pool whose rank was killed: all classes of an end are loaded, for which there may be no descriptor later. */
    private static void useUp(List<String> words, PoolOptions options) throws Exception {
        try (WorkerPool pool = WorkerPool.spawn(words, 2, List.of(0L, 0L), options.withListener(_ -> {}))) {
            pool.pingAll();
            pool.state().ranks().get(1).process().orElseThrow().kill();
            pool.pingAll();
        } catch (PoolException _) {
            System.out.println("used");
        }
        // Of a rank that still runs.
        new RankExit.Elsewhere("", OptionalInt.empty(), "", Optional.empty(), Optional.empty()).host();
    }

    private static void ping(WorkerPool pool) throws InterruptedException {
        try {
            pool.pingAll();
            System.out.println("pinged");
        } catch (PoolException e) {
            System.out.println("ping: " + e.getMessage());
        }
    }

    /** What ends it is a line: on a terminal a stack trace would be mixed with what {@link #say} prints meanwhile. */
    private static void init(WorkerPool pool) throws InterruptedException {
        try {
            pool.init();
        } catch (PoolException e) {
            System.out.println("init: " + e.getMessage());
        }
    }

    private static void say(PoolEvent event) {
        switch (event) {
            case PoolEvent.PoolChanged changed when changed.state() == PoolState.JOINING -> System.out.println("ready");
            case PoolEvent.RankFailed failed ->
                System.out.println("rank " + failed.rank() + " failed: " + failed.reason());
            case PoolEvent.RankEnded ended ->
                System.out.println(
                        "rank " + ended.end().rank() + ": " + ended.end().describe());
            default -> {}
        }
    }
}
