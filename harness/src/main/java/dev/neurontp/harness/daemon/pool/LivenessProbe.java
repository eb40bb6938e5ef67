package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.PoolException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a pool's ranks from time to time whether they are there, as long as nobody else does. For one thread. */
final class LivenessProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LivenessProbe.class);

    private final String id;
    private final Duration interval;
    private final PoolEventRecorder watch;
    private final OperationRunner work;
    private final OperationQueue turn;

    /**
     * Nothing is asked yet.
     *
     * @param age how old a round trip may be and still prove that the pool answers; it is asked twice in that time
     */
    LivenessProbe(String id, Duration age, PoolEventRecorder watch, OperationRunner work, OperationQueue turn) {
        this.id = id;
        this.interval = age.dividedBy(2);
        this.watch = watch;
        this.work = work;
        this.turn = turn;
    }

    /** Asks until the pool has ended. */
    void keep() throws InterruptedException {
        Duration wait = interval;
        while (!watch.awaitOver(wait)) {
            Duration age = work.provenSince().orElse(interval);
            boolean due = age.compareTo(interval) >= 0;
            if (due && turn.takeForProbe()) {
                ask();
            }
            // A round trip of somebody else's came meanwhile: ask when that one is half as old as it may be.
            wait = due ? interval : interval.minus(age);
        }
    }

    private void ask() throws InterruptedException {
        try {
            work.ping();
        } catch (PoolException e) {
            LOG.debug("pool {} did not give proof: {}", id, e.getMessage());
        } finally {
            turn.give();
        }
    }
}
