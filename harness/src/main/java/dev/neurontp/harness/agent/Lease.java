package dev.neurontp.harness.agent;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.Standstill;
import java.time.Duration;

/**
 * Ends the worker when the leader has not been heard for that long, and beats: five times in a lease. Time in which this process stood
 * still does not count: the leader may have as well, and what it said is not read yet.
 */
final class Lease implements Runnable {
    private static final int BEATS = 5;
    /** How late an end of stdin is noticed behind bytes that the worker does not take. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Duration length;
    private final Stdin stdin;
    private final Runnable beat;
    private final Worker worker;

    Lease(Duration length, Stdin stdin, Runnable beat, Worker worker) {
        this.length = length;
        this.stdin = stdin;
        this.beat = beat;
        this.worker = worker;
    }

    @Override
    public void run() {
        long between = length.toNanos() / BEATS;
        long lastBeat = System.nanoTime();
        Standstill standstill = new Standstill(LOOK);
        try {
            while (true) {
                long lost = standstill.lostNanos();
                if (lost > 0) {
                    stdin.wasDeaf(lost);
                    lastBeat += lost;
                }
                long now = System.nanoTime();
                long left = length.toNanos() - (now - stdin.heardNanos());
                if (left <= 0) {
                    worker.end("nothing was heard on stdin for " + Durations.time(length));
                    return;
                }
                if (stdin.isHungUp()) {
                    worker.end("stdin ended");
                    return;
                }
                if (now - lastBeat >= between) {
                    lastBeat += between;
                    beat.run();
                }
                long next = Math.min(left, lastBeat + between - now);
                Thread.sleep(Duration.ofNanos(Math.clamp(next, 1_000_000, LOOK.toNanos())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
