package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates a pool's comm_id and serves the rendezvous of its ranks until all have joined, on a thread that nobody waits
 * for without a bound. Every failure here is a fault of rank 0, which the other ranks join.
 */
final class RendezvousHost {
    private static final Logger LOG = LoggerFactory.getLogger(RendezvousHost.class);

    private final CommunicatorSource source;
    private final Consumer<RankFault> faults;
    private volatile Rendezvous rendezvous;
    private volatile Thread thread;
    private volatile boolean ended;

    RendezvousHost(CommunicatorSource source, Consumer<RankFault> faults) {
        this.source = source;
        this.faults = faults;
    }

    /** Waits for a new comm_id as long as the exchange may take; empty when there is none, and the fault is noted. */
    String awaitCommId(Exchange<?> exchange) throws InterruptedException {
        Rendezvous before = rendezvous;
        if (before != null) {
            rendezvous = null;
            before.close(); // nobody comes to that one any more
        }
        try {
            thread = DaemonThread.start(
                    "comm-id",
                    () -> serve(exchange),
                    (_, e) -> refused(exchange, ErrorKind.NCCL_INIT_FAILED, e.toString()));
        } catch (ThreadLimitException e) {
            refused(exchange, ErrorKind.NCCL_INIT_FAILED, e.getMessage());
            return "";
        }
        boolean created;
        try {
            created = exchange.await(() -> rendezvous != null);
        } catch (InterruptedException e) {
            timedOut(exchange, "the caller was interrupted before there was a comm_id");
            throw e;
        }
        if (!created && !exchange.stopped()) {
            timedOut(
                    exchange,
                    "the leader could not create a comm_id within " + Durations.time(exchange.limit())
                            + source.waitsFor());
        }
        return created ? rendezvous.commId() : "";
    }

    /** The ranks that have come to it so far; empty where there is none yet, or where its kind cannot tell. */
    Optional<Set<Long>> arrived() {
        Rendezvous served = rendezvous;
        return served == null || ended ? Optional.empty() : served.arrived();
    }

    /** Every rank has joined, or none will any more. */
    void close() {
        ended = true;
        Rendezvous served = rendezvous;
        if (served != null) {
            served.close();
        }
    }

    /** Closes it and waits for its thread, and for what serves it; false when that still runs. */
    boolean end(Deadline deadline) throws InterruptedException {
        close();
        Thread running = thread;
        if (running == null) {
            return true;
        }
        if (rendezvous == null && running != Thread.currentThread()) {
            running.interrupt(); // it may wait for a process that never answers
        }
        if (!DaemonThread.awaitEnd(running, left(deadline))) {
            return false;
        }
        Rendezvous served = rendezvous; // it may have come in the last moment
        return served == null || served.awaitGone(left(deadline));
    }

    private static Duration left(Deadline deadline) {
        return Duration.ofNanos(deadline.remainingNanos() + 1);
    }

    private void serve(Exchange<?> exchange) {
        try {
            Rendezvous served = source.serve();
            rendezvous = served;
            if (ended) {
                served.close();
            }
            exchange.wake();
        } catch (CommunicatorException e) {
            refused(exchange, e.kind(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("no comm_id can be created", e);
            refused(exchange, ErrorKind.NCCL_INIT_FAILED, e.toString());
        }
    }

    private void refused(Exchange<?> exchange, ErrorKind kind, String message) {
        if (!ended) {
            faults.accept(RankFault.noCommId(
                    exchange.operation().name(),
                    exchange.elapsed(),
                    WorkerResponse.Error.of(kind, "no comm_id can be created" + source.where() + ": " + message)));
        }
    }

    private void timedOut(Exchange<?> exchange, String reason) {
        faults.accept(
                RankFault.of(0, exchange.operation().name(), exchange.elapsed(), RankFault.Nature.TIMEOUT, reason));
    }
}
