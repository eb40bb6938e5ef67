package dev.neurontp.harness.pool;

import dev.neurontp.worker.Communicators;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A leader for tests that kill one: {@code PoolLeader idle|init WORLD_SIZE COMMAND...}. Says {@code ready}, and how every
 * rank ended.
 */
final class PoolLeader {
    private PoolLeader() {}

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(List.of(args));
        boolean hangs = words.removeFirst().equals("init");
        int worldSize = Integer.parseInt(words.removeFirst());
        PoolOptions options = PoolOptions.DEFAULT
                .withCommunicator(Communicators.withoutGpu())
                .withCommandIsWorker(true)
                .withStderr((rank, line) -> System.err.println(rank + ": " + line))
                .withListener(PoolLeader::say);
        WorkerPool pool = WorkerPool.spawn(words, worldSize, Collections.nCopies(worldSize, 0L), options);
        pool.endOnExit();
        pool.pingAll();
        if (hangs) {
            // READY is said by the listener when the init has begun.
            init(pool);
        } else {
            System.out.println("ready");
        }
        Thread.currentThread().join();
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
            case PoolEvent.RankEnded ended ->
                System.out.println(
                        "rank " + ended.end().rank() + ": " + ended.end().describe());
            default -> {}
        }
    }
}
