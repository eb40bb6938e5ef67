package dev.neurontp.harness.daemon;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a daemon when the process that started it has ended. Only that process holds the other end of stdin, so the end
 * of stdin shows that it is gone, also after SIGKILL. The pipe exists before the daemon does, so nothing can be missed.
 */
final class ParentDeathWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ParentDeathWatch.class);

    private ParentDeathWatch() {}

    /**
     * Calls {@code gone} once when {@code stdin} ends, but not after a line feed, which detaches the daemon.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    static void on(InputStream stdin, Runnable gone) throws ThreadLimitException {
        DaemonThread.start("parent-death-watch", () -> {
            if (!detached(stdin)) {
                LOG.warn("stdin has ended: the process that started this daemon is gone, so it stops");
                gone.run();
            }
        });
    }

    private static boolean detached(InputStream stdin) {
        try {
            int read = stdin.read();
            while (read >= 0 && read != '\n') {
                read = stdin.read();
            }
            return read == '\n';
        } catch (IOException e) {
            LOG.warn("stdin cannot be read: {}", e.getMessage());
            return false;
        }
    }
}
