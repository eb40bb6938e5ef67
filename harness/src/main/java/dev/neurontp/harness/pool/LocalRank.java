package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.Rank;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rank in the leader's process: the worker's own {@link Rank} on one platform thread (a CUDA context belongs to a
 * thread), which nobody waits for without a bound.
 */
final class LocalRank implements PoolRank {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRank.class);

    private final RankIdentity identity;
    private final CommunicatorSource communicators;
    private final RankStatus status = new RankStatus(this, RankState.READY);
    private final Instant started = Instant.now();
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private volatile Thread thread;
    private volatile Exchange<?> current;
    private volatile Rank worker;
    private volatile boolean leaving;

    LocalRank(RankIdentity identity, CommunicatorSource communicators) {
        this.identity = identity;
        this.communicators = communicators;
    }

    @Override
    public void open(Listener listener) {
        status.listener(listener);
        try {
            thread = DaemonThread.start("rank-" + identity.rank(), this::work, this::ended);
        } catch (ThreadLimitException e) {
            status.fail(null, RankFault.Nature.EXITED, e.getMessage());
        }
    }

    /** A rank without its thread answers nothing any more. */
    private void ended(Thread ended, Throwable e) {
        LOG.error("the thread {} ended because of a defect of this program", ended.getName(), e);
        status.fail(current, RankFault.Nature.EXITED, "its thread ended: " + e);
    }

    @Override
    public int rank() {
        return (int) identity.rank();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    /** A ping would prove that the caller's own process lives. */
    @Override
    public boolean takesPart(boolean collective) {
        return collective;
    }

    @Override
    public boolean alive() {
        return true;
    }

    @Override
    public void ask(Exchange<?> exchange) {
        exchange.asked(rank());
        tasks.add(() -> answer(exchange));
    }

    @Override
    public void fail(Exchange<?> exchange, RankFault.Nature nature, String reason) {
        status.fail(exchange, nature, reason);
    }

    @Override
    public boolean stopped() {
        return false;
    }

    @Override
    public void move(RankState next) {
        status.move(next);
    }

    @Override
    public RankSnapshot snapshot() {
        return status.snapshot(Optional.empty(), started, identity.cudaDevice());
    }

    @Override
    public void beforeEnd() {
        leaving = true;
    }

    /** Leaves the group. An abort or a close that hangs costs two daemon threads and the bound, not the caller. */
    @Override
    public RankExit end(Termination termination) throws InterruptedException {
        move(RankState.STOPPING);
        Deadline deadline = termination.whole().within(termination.deadlines().sigterm());
        boolean left = leaveWithin(deadline, termination.abort());
        tasks.clear();
        tasks.add(() -> {});
        Thread running = thread;
        left &= running == null || deadline.await(nanos -> DaemonThread.awaitEnd(running, Duration.ofNanos(nanos)));
        move(RankState.GONE);
        return exit(left, deadline.elapsed());
    }

    private boolean leaveWithin(Deadline deadline, boolean abort) throws InterruptedException {
        if (worker == null && thread == null) {
            return true;
        }
        try {
            Thread leave = DaemonThread.start("rank-" + rank() + "-leave", () -> leave(abort));
            return deadline.await(nanos -> leave.join(Duration.ofNanos(nanos)));
        } catch (ThreadLimitException e) {
            // Without a thread there is no bound for an abort that hangs.
            LOG.warn("rank {} does not leave its communicator: {}", rank(), e.getMessage());
            return false;
        }
    }

    @Override
    public RankExit exit(Duration took) {
        return exit(false, took);
    }

    private RankExit exit(boolean left, Duration took) {
        return new RankExit(
                rank(), pid(), true, false, OptionalInt.empty(), left, "", List.of(), false, List.of(), 0, took);
    }

    @Override
    public RankFailure explain(RankFault fault, RankExit exit) {
        return new RankFailure(fault, pid(), "", List.of());
    }

    private void work() {
        try {
            while (!leaving || !tasks.isEmpty()) {
                tasks.take().run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Exchange<?> exchange) {
        current = exchange;
        WorkerResponse response = response(exchange.request().message());
        if (!leaving) {
            status.take(exchange, Reply.of(exchange.operation(), identity, response), System.nanoTime());
        }
    }

    private WorkerResponse response(WorkerRequest request) {
        try {
            if (worker == null) {
                openCommunicator();
            }
        } catch (CommunicatorException e) {
            return WorkerResponse.Error.of(e.kind(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("rank {} cannot open its communicator", rank(), e);
            return WorkerResponse.Error.of(ErrorKind.NCCL_INIT_FAILED, e.toString());
        }
        return worker.answer(request);
    }

    private void openCommunicator() throws CommunicatorException {
        Communicator communicator = communicators.open(identity);
        worker = Rank.of(identity, communicator, new LocalRankLog());
        if (leaving) {
            worker.close();
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, "the pool ended meanwhile");
        }
    }

    private void leave(boolean abort) {
        Rank open = worker;
        if (open != null) {
            if (abort) {
                open.abort();
            }
            open.close();
        }
    }
}
