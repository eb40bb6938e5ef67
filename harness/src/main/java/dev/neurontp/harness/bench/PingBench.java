package dev.neurontp.harness.bench;

import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.WorkerGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How long {@code pingAll} takes: a live pool, warmed up, then each round timed from the call to its return.
 *
 * @param command the workers' program
 * @param warmup rounds that are not counted, at least 0
 * @param rounds rounds that are, from 1 to {@link #MOST_ROUNDS}
 */
public record PingBench(List<String> command, int warmup, int rounds) {
    /** What may be counted of one pool: the time of each round is kept until the end, in 8 bytes. */
    public static final int MOST_ROUNDS = 10_000_000;

    private static final double MEDIAN = 0.50;
    private static final double TAIL = 0.99;
    private static final int COLD = 50;
    private static final int FIRST = 500;

    public PingBench {
        command = List.copyOf(command);
        if (warmup < 0 || rounds < 1 || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException("warmup is " + warmup + " and rounds is " + rounds
                    + ": the first must be at least 0, the second from 1 to " + MOST_ROUNDS);
        }
    }

    /**
     * The result for one world size. Rank 0 is in the leader's process and is not asked.
     *
     * @param worldSize the ranks, so one more than the workers
     * @param ready from the spawn to the first pong of every worker
     * @param first50 the median of the first 50 rounds after that, warm-up or not; empty where there were fewer
     * @param first500 the same of the first 500
     * @param p50 the median round
     * @param p99 the round that 1 % of them exceed
     * @param worst the longest round
     * @param shutdown from the call of {@code shutdown} until every worker has ended
     * @param ends how each rank did
     */
    public record Result(
            int worldSize,
            int rounds,
            Duration ready,
            Optional<Duration> first50,
            Optional<Duration> first500,
            Duration p50,
            Duration p99,
            Duration worst,
            Duration shutdown,
            List<RankExit> ends) {}

    /**
     * Brings up a pool of {@code worldSize}, measures, and shuts it down. Blocks for as long as that takes. A {@link WorkerGuard}
     * ends its workers, which may be any program, where this process ends before.
     *
     * @throws PoolException when a rank fails on the way; nothing is left of the pool then
     * @throws IOException when the guard cannot be started
     */
    public Result run(int worldSize, PoolOptions options) throws PoolException, IOException, InterruptedException {
        WorkerGuard.ensure();
        List<Long> devices = WorkerPool.firstDevices(worldSize);
        long start = System.nanoTime();
        try (WorkerPool pool = WorkerPool.spawn(command, worldSize, devices, options)) {
            pool.pingAll();
            Duration ready = Duration.ofNanos(System.nanoTime() - start);
            long[] first = new long[(int) Math.min(FIRST, (long) warmup + rounds)];
            for (int i = 0; i < warmup; i++) {
                long took = round(pool);
                if (i < first.length) {
                    first[i] = took;
                }
            }
            long[] nanos = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                nanos[i] = round(pool);
            }
            if (warmup < first.length) {
                System.arraycopy(nanos, 0, first, warmup, first.length - warmup);
            }
            Arrays.sort(nanos);
            long end = System.nanoTime();
            ShutdownReport report = pool.shutdown();
            return new Result(
                    worldSize,
                    rounds,
                    ready,
                    first(first, COLD),
                    first(first, FIRST),
                    at(nanos, MEDIAN),
                    at(nanos, TAIL),
                    Duration.ofNanos(nanos[rounds - 1]),
                    Duration.ofNanos(System.nanoTime() - end),
                    report.ends());
        }
    }

    private static long round(WorkerPool pool) throws PoolException, InterruptedException {
        long began = System.nanoTime();
        pool.pingAll();
        return System.nanoTime() - began;
    }

    private static Optional<Duration> first(long[] nanos, int count) {
        return nanos.length < count
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.round(Median.of(nanos, 0, count))));
    }

    private static Duration at(long[] sorted, double quantile) {
        int index = (int) Math.ceil(quantile * sorted.length) - 1;
        return Duration.ofNanos(sorted[Math.max(0, index)]);
    }
}
