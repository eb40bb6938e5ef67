package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process {@code neuron --comm-id}, on this host or behind a launcher: it serves the rendezvous until it is closed. */
final class CommIdProcess implements Rendezvous {
    private static final Logger LOG = LoggerFactory.getLogger(CommIdProcess.class);
    /** For it, or its agent, to obey the end of its input, and then for SIGKILL. */
    private static final Duration END = Duration.ofSeconds(2);

    /** For SIGKILL, where whoever asks for the end has to wait for it. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final WorkerProcess maker;
    private final String where;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile boolean atOnce;
    private String commId = "";

    /**
     * Asks nothing of it yet.
     *
     * @param maker was started, and its stderr is read
     * @param where it runs, for a sentence; empty for this host
     */
    CommIdProcess(WorkerProcess maker, String where) {
        this.maker = maker;
        this.where = where;
    }

    /**
     * Waits for its comm_id.
     *
     * @throws CommunicatorException when it has said why there is none
     * @throws IOException when it says none, for another reason
     */
    void await(Deadline deadline) throws CommunicatorException, IOException, InterruptedException {
        if (maker.agent().isPresent()) {
            maker.awaitAgent(deadline);
        }
        commId = new CommIdAnswer(maker).await(deadline);
        AtomicReference<String> told = new AtomicReference<>("");
        maker.onSilence(silent -> {
            if (!silent.equals(told.getAndSet(silent))) {
                LOG.warn("the rendezvous of the ranks: {}", silent);
            }
        });
    }

    /** That it has said no comm_id, and what is known of why. */
    String silence() {
        return new CommIdAnswer(maker).silence();
    }

    @Override
    public String commId() {
        return commId;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        maker.closeStdin();
        try {
            DaemonThread.start("comm-id-end", this::end);
        } catch (ThreadLimitException e) {
            LOG.warn("what creates the comm_id is ended at once: {}", e.getMessage());
            endAtOnce();
        }
    }

    /** On the thread of whoever closes it, who waits for a second at most; what it has started elsewhere ends by its lease. */
    private void endAtOnce() {
        atOnce = true;
        try {
            maker.kill(Deadline.in(AT_ONCE));
            maker.closePipes();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            if (!maker.awaitExit(Deadline.in(END))) {
                maker.kill(Deadline.in(END));
            }
            maker.endElsewhere(Deadline.in(EndCommand.LIMIT));
            maker.endLeftBehind();
            maker.closePipes();
            if (maker.exitCode().isEmpty()) {
                LOG.warn(
                        "what creates the comm_id{} is still there after SIGKILL: pid {} of this host",
                        where,
                        maker.identity().pid());
                maker.awaitExit(Deadline.in(FOR_EVER));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (maker.exitCode().isPresent()) {
                gone.countDown();
            }
        }
    }

    void awaitGone() throws InterruptedException {
        awaitGone(FOR_EVER);
    }

    @Override
    public boolean awaitGone(Duration most) throws InterruptedException {
        Deadline deadline = Deadline.in(most);
        boolean over = isGone(deadline);
        while (!over && !deadline.expired()) {
            over = isGone(deadline);
        }
        return over;
    }

    /** Waits for a moment: where it is ended at once no thread waits for it to say so. */
    private boolean isGone(Deadline deadline) throws InterruptedException {
        long nanos = Math.min(LOOK.toNanos(), deadline.remainingNanos());
        return gone.await(nanos, TimeUnit.NANOSECONDS)
                || (atOnce && maker.exitCode().isPresent());
    }
}
