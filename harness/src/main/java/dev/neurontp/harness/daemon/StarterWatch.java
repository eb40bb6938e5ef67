package dev.neurontp.harness.daemon;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties a daemon to whoever started it: stdin is then a pipe that only they hold, so its end says that they are gone, by SIGKILL
 * too. The pipe is there before this process is, so nothing can be missed.
 */
final class StarterWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StarterWatch.class);

    private StarterWatch() {}

    /** Calls {@code gone} once when {@code stdin} ends; never after a line feed came, which lets the daemon go. */
    static void on(InputStream stdin, Runnable gone) {
        Thread.ofPlatform().daemon().name("starter-watch").start(() -> {
            if (!letGo(stdin)) {
                LOG.warn("stdin has ended: whoever started this daemon is gone, so it stops");
                gone.run();
            }
        });
    }

    private static boolean letGo(InputStream stdin) {
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
