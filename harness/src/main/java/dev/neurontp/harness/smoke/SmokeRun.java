package dev.neurontp.harness.smoke;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A pool's whole life in one call. {@link #run} blocks its caller, bounded by the options' deadlines; {@link #interrupt}
 * may come from any thread, such as a shutdown hook.
 */
public final class SmokeRun {
    private final List<String> command;
    private final int worldSize;
    private final List<Long> devices;
    private final PoolOptions options;
    private final AtomicReference<WorkerPool> live = new AtomicReference<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean begun;
    private volatile boolean interrupted;

    /**
     * Prepares a run; nothing is started yet.
     *
     * @param command any program that speaks the wire
     * @param worldSize the number of ranks, rank 0 included, at least 1
     * @param devices one index per rank
     */
    public SmokeRun(List<String> command, int worldSize, List<Long> devices, PoolOptions options) {
        this.command = List.copyOf(command);
        this.worldSize = worldSize;
        this.devices = List.copyOf(devices);
        this.options = requireNonNull(options, "options is null");
    }

    /**
     * Runs every step and passes each that is done to {@code progress}. Whatever happens, no process of the pool is
     * left.
     *
     * @throws InterruptedException when the caller is interrupted; the pool is ended then too
     * @throws PoolException when a step failed; its message is for an operator
     * @throws IllegalArgumentException when size, devices or command are refused before anything was started
     */
    public void run(Consumer<SmokeStep> progress) throws PoolException, InterruptedException {
        long start = System.nanoTime();
        begin();
        try (WorkerPool pool = WorkerPool.spawn(command, worldSize, devices, options)) {
            live.set(pool);
            if (interrupted) {
                pool.shutdown();
                throw new InterruptedException();
            }
            progress.accept(new SmokeStep.Spawned(pool.state().ranks(), Duration.ofNanos(System.nanoTime() - start)));
            progress.accept(new SmokeStep.Pinged(pool.pingAll()));
            progress.accept(new SmokeStep.Joined(pool.init()));
            // Before the plain sum: that one cannot tell whose number is wrong.
            if (NeuronLauncher.starts(command)) {
                pool.check();
            }
            progress.accept(new SmokeStep.Checked(pool.sanityCheck()));
            progress.accept(new SmokeStep.Ended(pool.shutdown()));
        } finally {
            over.countDown();
        }
    }

    /** From here on {@link #interrupt} waits for what is started. */
    private synchronized void begin() throws InterruptedException {
        if (interrupted) {
            throw new InterruptedException();
        }
        begun = true;
    }

    private synchronized boolean interruptBegun() {
        interrupted = true;
        return begun;
    }

    /**
     * Ends the pool in order, whatever step is under way, and returns once it is gone or the deadlines are over. Before {@link #run} it
     * returns at once, and nothing is started any more.
     */
    public void interrupt() {
        if (!interruptBegun()) {
            return;
        }
        WorkerPool pool = live.get();
        if (pool == null) {
            awaitStart();
            return;
        }
        try {
            pool.shutdown();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            pool.close();
        }
    }

    /** Its ranks are being started: they are ended once they are there, by the thread that starts them. */
    private void awaitStart() {
        try {
            boolean _ = over.await(
                    options.deadlines().ready().plus(options.deadlines().stop()).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
