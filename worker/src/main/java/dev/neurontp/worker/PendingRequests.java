package dev.neurontp.worker;

import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was read and is not answered yet, in order. Bounded by number and by characters, so that a leader which pipelines
 * behind a blocking collective costs no memory without end. One thread puts, one takes.
 */
final class PendingRequests {
    /**
     * What one line needs: the answer to its request, or an error reply that is known already.
     *
     * @param request null where {@code refusal} is there
     * @param refusal null where {@code request} is there
     * @param weight roughly how many characters it holds
     */
    record Pending(WorkerRequest request, WorkerResponse refusal, int weight) {
        static Pending ask(WorkerRequest request) {
            return new Pending(request, null, weightOf(request));
        }

        /** By instanceof: a switch over types costs 10 ms the first time. */
        private static int weightOf(WorkerRequest request) {
            if (request instanceof WorkerRequest.Init init) {
                return init.commId().length();
            }
            if (request instanceof XCollective run) {
                return run.collective().length()
                        + run.type().length()
                        + run.redop().length()
                        + run.pairs().length()
                        + run.place().length();
            }
            return 0;
        }

        static Pending refused(WorkerResponse.Error reply) {
            return new Pending(null, reply, reply.message().length());
        }

        /** Whether the answer takes no time and ends nothing. */
        boolean isQuick() {
            return request == null || request instanceof WorkerRequest.Ping;
        }

        boolean isShutdown() {
            return request instanceof WorkerRequest.Shutdown;
        }
    }

    static final int MAX_NUMBER = 1024;
    private static final int MAX_CHARACTERS = 16 * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition taken = lock.newCondition();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private long characters;
    private boolean ended;
    private boolean takerWaits;

    /**
     * Adds to the end, waiting for room.
     *
     * @return false when there was no room for all of the time
     */
    boolean offer(Pending pending, long waitMillis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (isFull(pending.weight())) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = taken.awaitNanos(nanos);
            }
            waiting.add(pending);
            characters += pending.weight();
            added.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A first one always fits, or a frame of the full size never would. */
    private boolean isFull(int weight) {
        return waiting.size() >= MAX_NUMBER || (!waiting.isEmpty() && characters + weight > MAX_CHARACTERS);
    }

    /** Whether all is answered: the thread that takes waits, and goes on waiting until something is offered. */
    boolean allAnswered() {
        lock.lock();
        try {
            return takerWaits && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing follows. */
    void end() {
        lock.lock();
        try {
            ended = true;
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next one, waiting for it, or null when nothing follows. */
    Pending take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (ended) {
                    return null;
                }
                takerWaits = true;
                added.await();
            }
            takerWaits = false;
            Pending pending = waiting.remove();
            characters -= pending.weight();
            taken.signal();
            return pending;
        } finally {
            lock.unlock();
        }
    }
}
