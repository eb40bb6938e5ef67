package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.Map;

/**
 * Waits for the first reply of the first process. Where it is late, a second process is asked whose stdin is closed at once: if only
 * that one answers, the first one holds its reply back (F7), and is not just slow to start. One thread.
 */
final class FirstContact {

    /** How long the first process is waited for before the second one is started. */
    private static final Duration ALONE = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final WorkerLauncher launcher;
    private final Duration startTimeout;

    FirstContact(WorkerLauncher launcher, Duration startTimeout) {
        this.launcher = launcher;
        this.startTimeout = startTimeout;
    }

    /**
     * The first reply to the ping that this sends.
     *
     * @throws HandshakeException if there is none in time
     */
    Reply reply(StartupProbe probe) throws HandshakeException, StartFailure {
        probe.begin();
        Reply reply = probe.await(startTimeout.compareTo(ALONE) < 0 ? startTimeout : ALONE);
        if (reply != null) {
            return reply;
        }
        Duration left = startTimeout.minus(ALONE);
        if (!left.isPositive()) {
            throw probe.late(startTimeout);
        }
        WorkerProcess other = launcher.start(Identity.SHARED.arguments(), Map.of(), false);
        try {
            return orHeldBack(probe, other, Deadline.in(left));
        } finally {
            launcher.end(other);
        }
    }

    private Reply orHeldBack(StartupProbe first, WorkerProcess other, Deadline deadline) throws HandshakeException {
        StartupProbe second = new StartupProbe(other, StartupProbe.FIRST);
        second.begin();
        other.closeStdin();
        Deadline until = deadline;
        Reply atEnd = null;
        boolean over = false;
        while (!until.isOver()) {
            Reply reply = first.await(LOOK);
            if (reply != null) {
                return reply;
            }
            if (!over) {
                try {
                    atEnd = second.await(LOOK);
                    over = atEnd != null;
                } catch (HandshakeException _) {
                    // It ended without a reply, which says nothing about the first one.
                    over = true;
                }
                if (atEnd != null && !first.hasBegun()) {
                    until = until.atMost(Duration.ofMillis(atEnd.atMillis()).plus(ALONE));
                }
            }
        }
        if (atEnd != null && !first.hasBegun()) {
            throw new HandshakeException("it answered a ping only after stdin was closed: " + atEnd, other, true);
        }
        throw first.late(startTimeout);
    }
}
