package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The ranks of one pool, as a validation asks them. Any thread may call {@link #close}; one thread the rest. */
public interface Group extends AutoCloseable {
    /**
     * What the ranks answered to one case: their results, or why they have none.
     *
     * @param unknown whether a rank does not know the operation at all
     */
    record Answer(SortedMap<Integer, XCollectiveResult> results, Optional<String> refusal, boolean unknown) {}

    /** Waits for the ranks and asks each what it runs on. */
    List<RankDevice> identify() throws GroupLostException, InterruptedException;

    /** Makes one group of them; how long that took. Nothing to do where they are one already. */
    Duration join() throws GroupLostException, InterruptedException;

    /** The plain all-reduce of the number 1, which every worker has. */
    long sanity() throws GroupLostException, InterruptedException;

    /** Runs one case on all ranks. */
    Answer run(Case of) throws GroupLostException, InterruptedException;

    /**
     * Lets the group go, and says how that went.
     *
     * @param of the case of it
     * @param whole whether the group is still one
     */
    CaseResult leave(Case of, boolean whole) throws GroupLostException, InterruptedException;

    /** Ends what this run has started, whatever it does. */
    @Override
    void close();
}
