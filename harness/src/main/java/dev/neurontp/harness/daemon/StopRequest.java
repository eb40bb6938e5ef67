package dev.neurontp.harness.daemon;

import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a daemon was asked to stop, from before its start on. Any thread may call. */
final class StopRequest {
    private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile Daemon running;

    /** The daemon whose file a second signal removes. */
    void running(Daemon daemon) {
        running = daemon;
    }

    /** The first signal asks for an orderly end, the second ends the process at once. SIGHUP is neither. */
    void signal(int number) {
        if (number == Signals.SIGHUP) {
            LOG.warn(
                    "SIGHUP changes nothing: settings are read at the start only. For new ones start the daemon again");
            return;
        }
        if (!signalled.compareAndSet(false, true)) {
            Daemon daemon = running;
            if (daemon != null) {
                daemon.abandon();
            }
            Stderr.flush();
            Runtime.getRuntime().halt(ExitCode.signal(number));
        }
        ask();
    }

    void ask() {
        asked.countDown();
    }

    void await() throws InterruptedException {
        asked.await();
        LOG.info("stopping; a second signal ends this daemon at once");
    }
}
