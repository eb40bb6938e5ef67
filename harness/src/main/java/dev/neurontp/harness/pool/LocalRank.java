package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.CollectiveCheck;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader itself holds of a group: the comm_id's rendezvous and, where rank 0 lives in this process, its
 * communicator. Both belong to one platform thread (a CUDA context belongs to a thread), which nobody waits for without a
 * bound.
 */
final class LocalRank {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRank.class);

    private final CommunicatorSource source;
    private final Optional<RankIdentity> identity;
    private final int member;
    private final Consumer<RankFault> watcher;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile Communicator communicator;
    private volatile Rendezvous rendezvous;
    private volatile boolean ended;

    @FunctionalInterface
    private interface Task {
        void run() throws CommunicatorException;
    }

    /**
     * Takes the seat; nothing is opened yet.
     *
     * @param identity of rank 0 when it lives here
     * @param member rank 0's number in an operation
     */
    LocalRank(CommunicatorSource source, Optional<RankIdentity> identity, int member, Consumer<RankFault> watcher) {
        this.source = source;
        this.identity = identity;
        this.member = member;
        this.watcher = watcher;
        this.thread = daemon("rank-0", this::work);
        thread.start();
    }

    boolean hasRank() {
        return identity.isPresent();
    }

    /** Makes a comm_id and serves it; {@link #commId} has it in the end, and the operation is woken. */
    void serve(Operation operation) {
        submit(operation, ErrorKind.NCCL_INIT_FAILED, () -> {
            rendezvous = source.serve();
            if (ended) {
                rendezvous.close();
            }
            operation.wake();
        });
    }

    /** The comm_id, or null as long as there is none. */
    String commId() {
        Rendezvous made = rendezvous;
        return made == null ? null : made.commId();
    }

    /** All ranks have joined: the meeting is over. */
    void closeRendezvous() {
        Rendezvous made = rendezvous;
        if (made != null) {
            made.close();
        }
    }

    /** Joins as rank 0, if it lives here. */
    void init(Operation operation, String commId) {
        identity.ifPresent(who -> {
            operation.ask(member);
            submit(operation, ErrorKind.NCCL_INIT_FAILED, () -> {
                communicator = source.open(who);
                if (ended) {
                    communicator.close();
                    throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, "the pool ended meanwhile");
                }
                communicator.init(commId);
                operation.answer(member, 0, System.nanoTime());
            });
        });
    }

    /** All-reduces as rank 0, if it lives here. */
    void sanity(Operation operation) {
        identity.ifPresent(_ -> {
            operation.ask(member);
            submit(operation, ErrorKind.NCCL_SANITY_FAILED, () -> {
                long sum = communicator.allReduceSum(1);
                operation.answer(member, sum, System.nanoTime());
            });
        });
    }

    /** Takes part in the check as rank 0, if it lives here. */
    void check(Operation operation) {
        identity.ifPresent(who -> {
            operation.ask(member);
            submit(operation, ErrorKind.NCCL_SANITY_FAILED, () -> {
                WorkerResponse.XNcclCheckResult sums = CollectiveCheck.run(communicator, who);
                operation.answer(member, sums, System.nanoTime());
            });
        });
    }

    /**
     * Leaves the group. An abort or a close that hangs costs two daemon threads and this bound, not the caller.
     *
     * @param abort whether a call may be blocked in the communicator
     */
    RankExit end(boolean abort, Deadline deadline) throws InterruptedException {
        ended = true;
        Thread leaving = daemon("rank-0-leave", () -> leave(abort));
        leaving.start();
        tasks.clear();
        tasks.add(() -> {});
        boolean left = leaving.join(Duration.ofNanos(deadline.remainingNanos() + 1));
        left &= thread.join(Duration.ofNanos(deadline.remainingNanos() + 1));
        return new RankExit(
                0,
                ProcessHandle.current().pid(),
                true,
                false,
                OptionalInt.empty(),
                left,
                List.of(),
                false,
                List.of(),
                0,
                deadline.elapsed());
    }

    private void leave(boolean abort) {
        closeRendezvous();
        Communicator open = communicator;
        if (open != null) {
            if (abort) {
                open.abort();
            }
            open.close();
        }
    }

    private void submit(Operation operation, ErrorKind otherwise, Task task) {
        tasks.add(() -> {
            try {
                task.run();
            } catch (CommunicatorException e) {
                refuse(operation, e.kind(), e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("rank 0 failed in {}", operation.op().label(), e);
                refuse(operation, otherwise, e.toString());
            }
        });
    }

    private void refuse(Operation operation, ErrorKind kind, String message) {
        watcher.accept(
                RankFault.refusal(0, operation.op(), operation.elapsed(), WorkerResponse.Error.of(kind, message)));
        if (identity.isPresent()) {
            operation.spoke(member);
        }
    }

    private void work() {
        try {
            while (!ended || !tasks.isEmpty()) {
                tasks.take().run();
            }
        } catch (InterruptedException | CommunicatorException e) {
            LOG.debug("rank 0 has ended: {}", e.toString());
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name);
        thread.setDaemon(true);
        return thread;
    }
}
