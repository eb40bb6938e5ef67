package dev.neurontp.harness.daemon;

import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a daemon was asked to stop, from before its start on. Any thread may call. */
final class StopRequest {
    private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final AtomicReference<String> reason = new AtomicReference<>("");
    private volatile Daemon running;

    /** The daemon whose file a second signal removes. */
    void running(Daemon daemon) {
        running = daemon;
    }

    /** The first signal asks for an orderly end, the second ends the process at once. SIGHUP reads the settings again. */
    void signal(int number) {
        if (number == Signals.SIGHUP) {
            Daemon daemon = running;
            if (daemon == null) {
                LOG.warn("SIGHUP came before this daemon listened: its settings were read a moment ago");
            } else {
                daemon.reload();
            }
            return;
        }
        if (!signalled.compareAndSet(false, true)) {
            Daemon daemon = running;
            if (daemon != null) {
                daemon.abandon();
            }
            LOG.warn("ended at once by a second signal, {}", Signals.name(number));
            Stderr.flush();
            Runtime.getRuntime().halt(ExitCode.signal(number));
        }
        ask("asked by " + Signals.name(number));
    }

    /** Asks for an orderly end; of several reasons the first counts. */
    void ask(String why) {
        reason.compareAndSet("", why);
        asked.countDown();
    }

    void await() throws InterruptedException {
        asked.await();
        LOG.info("stopping, {}; a second signal ends this daemon at once", reason.get());
    }
}
