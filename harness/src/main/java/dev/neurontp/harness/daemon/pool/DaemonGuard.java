package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.process.WorkerGuard;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The guard of a daemon. Workers, launchers and end commands may be any program, also one that outlives a daemon that is killed. */
final class DaemonGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonGuard.class);

    private DaemonGuard() {}

    /** Starts it where it does not run. Where it cannot be started that is told, and the daemon does without. */
    static void ensure() {
        try {
            WorkerGuard.ensureWithGrace();
        } catch (IOException e) {
            LOG.warn(
                    "a SIGKILL of this daemon may leave workers behind that ignore the end of their input, until the next start: {}",
                    e.getMessage());
        }
    }
}
