package dev.neurontp.harness.process;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work to be done when the JVM ends, until it is taken back. */
public final class ExitHook {
    private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);

    private final Thread thread;
    private boolean installed;

    public ExitHook(Runnable work) {
        this.thread = new Thread(null, work, "pool-exit");
    }

    public synchronized void install() {
        if (!installed) {
            Runtime.getRuntime().addShutdownHook(thread);
            installed = true;
        }
    }

    public synchronized void remove() {
        if (!installed) {
            return;
        }
        installed = false;
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending already: {}", e.getMessage());
        }
    }
}
