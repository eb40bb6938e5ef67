package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.Optional;

/** One rank of a pool, wherever it lives. Any thread may call. */
interface PoolRank {
    /** Called on the rank's threads; must not block. */
    interface Listener {
        /** The rank can no longer be trusted. At most once per rank. */
        void failed(PoolRank rank, RankFault fault);

        /** The rank is in another state. */
        void moved(PoolRank rank, RankState state);
    }

    /**
     * How a pool ends.
     *
     * @param shutdown the request to leave; null when the ranks are ended without asking
     * @param abort whether a rank may be blocked in a collective
     * @param whole bounds every step
     */
    record Termination(Exchange<WorkerResponse.Bye> shutdown, boolean abort, Deadlines deadlines, Deadline whole) {}

    int rank();

    /** Of the process that it lives in. */
    long pid();

    /** The name of its host; empty where it is the leader's. */
    default Optional<String> host() {
        return Optional.empty();
    }

    /** Begins to read the rank's replies and to call the listener. */
    void open(Listener listener);

    /**
     * Whether operations of a kind are a question to this rank.
     *
     * @param collective the kind: those that all ranks have to take part in, or the others
     */
    boolean takesPart(boolean collective);

    /** Asks for the exchange's operation and does not wait for the reply. */
    void ask(Exchange<?> exchange);

    /**
     * Fails the rank, unless it has failed before, or has left as it was asked.
     *
     * @param exchange what was in flight; null for nothing
     */
    void fail(Exchange<?> exchange, RankFault.Nature nature, String reason);

    /** Whether anything was heard of it; false where its agent, on another host, has never spoken. */
    default boolean heard() {
        return true;
    }

    /** Whether the process that it lives in runs. */
    boolean alive();

    /** What is seen of it where that process does not run any more. */
    default String endWords() {
        return "its process ended";
    }

    void move(RankState next);

    /** Whether a signal or a debugger has stopped its process. */
    boolean stopped();

    /** How many bytes it has sent since the last line that was whole: a reply without its line break is none. */
    default long unfinished() {
        return 0;
    }

    RankSnapshot snapshot();

    /**
     * Called on every rank before any of them is ended. A collective fails when another rank is ended: a rank that leaves its
     * communicator here reports that no more. A worker's replies count until it has exited.
     */
    default void beforeEnd() {}

    /** From now on the end of its process is expected, and no fault. */
    default void leave() {}

    /** Ends the rank in bounded steps; the evidence. */
    RankExit end(Termination termination) throws InterruptedException;

    /** Waits no longer for a rank that was asked to leave; before {@link #end} or during it. */
    default void forceEnd() {}

    /** The same because of what it did in place of leaving, which is told with its end. */
    default void forceEnd(String refusal) {
        forceEnd();
    }

    /** What is seen of its end by now. */
    RankExit exit(Duration took);

    /** What may still be of it on this host, where its end is not known. */
    default Remains remains() {
        return Remains.NONE;
    }

    /** A fault of this rank with all evidence, once it has ended. */
    RankFailure explain(RankFault fault, RankExit exit);
}
