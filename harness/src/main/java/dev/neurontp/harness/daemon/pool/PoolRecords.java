package dev.neurontp.harness.daemon.pool;

import java.time.Instant;

/** Who keeps what a daemon's pools were, beyond the daemon. Any thread may call. */
public interface PoolRecords {
    /** Keeps nothing. */
    PoolRecords NONE = new PoolRecords() {
        @Override
        public void starting(StartingPool pool) {
            // nobody asks for it later
        }

        @Override
        public void created(ManagedPool pool) {
            // nobody asks for it later
        }

        @Override
        public void notCreated(StartingPool pool, Instant when, String reason) {
            // nobody asks for it later
        }

        @Override
        public void removed(String id) {
            // nothing was kept
        }
    };

    /**
     * The processes of that pool are started next: some may run, whatever becomes of this daemon. Where they will be on other hosts it waits
     * for the disk, for a moment.
     */
    void starting(StartingPool pool);

    /** That pool exists now. What happens to it is among the daemon's events. */
    void created(ManagedPool pool);

    /** A pool was to be created, and none of its processes is there. */
    void notCreated(StartingPool pool, Instant when, String reason);

    /** Somebody has removed that pool, which has ended: nothing of it shall be kept. */
    void removed(String id);
}
