package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.PoolException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pings a pool's ranks from time to time, as long as no other operation shows that they answer. For one thread. */
final class LivenessProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LivenessProbe.class);

    private final String id;
    private final Duration interval;
    private final PoolEventRecorder recorder;
    private final OperationRunner runner;
    private final OperationQueue queue;

    /**
     * Nothing is sent yet.
     *
     * @param age how old a round trip may be and still prove that the pool answers; it is pinged twice in that time
     */
    LivenessProbe(String id, Duration age, PoolEventRecorder recorder, OperationRunner runner, OperationQueue queue) {
        this.id = id;
        this.interval = age.dividedBy(2);
        this.recorder = recorder;
        this.runner = runner;
        this.queue = queue;
    }

    /** Pings until the pool has ended. */
    void run() throws InterruptedException {
        Duration wait = interval;
        while (!recorder.awaitOver(wait)) {
            Duration age = runner.sinceLastReply().orElse(interval);
            boolean due = age.compareTo(interval) >= 0;
            if (due && queue.acquireForProbe()) {
                ping();
            }
            // Another operation made a round trip meanwhile: ping when that one is half as old as it may be.
            wait = due ? interval : interval.minus(age);
        }
    }

    private void ping() throws InterruptedException {
        try {
            runner.ping();
        } catch (PoolException e) {
            LOG.debug("pool {} did not answer the probe: {}", id, e.getMessage());
        } finally {
            queue.release();
        }
    }
}
