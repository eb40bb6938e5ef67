package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool in a list.
 *
 * @param name by which it can be asked for as by its id, as long as no newer pool has it
 * @param labels what its users say of it, by key
 * @param epoch which pool of this daemon it is, from 1
 * @param state one of {@link PoolView.State}, or a newer one
 * @param restarts how many restarts led to this pool
 * @param pids in the order of the ranks
 * @param reason why it has failed, one line
 * @param terminating whether it has failed and its ranks are still being ended
 * @param restarting whether it has failed and another pool will be started in its place
 * @param recorded where this was written down; empty for a pool that is in the list of its daemon
 */
public record PoolSummary(
        @Required String id,
        Optional<String> name,
        Map<String, String> labels,
        int epoch,
        @Required String state,
        @Required int worldSize,
        int restarts,
        String communicator,
        Instant created,
        List<Long> pids,
        Optional<Busy> busy,
        Optional<String> reason,
        boolean terminating,
        boolean restarting,
        Optional<PoolView.Recorded> recorded) {
    public PoolSummary {
        id = EnumLabels.orEmpty(id);
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        state = EnumLabels.orEmpty(state);
        communicator = EnumLabels.orEmpty(communicator);
        pids = pids == null ? List.of() : List.copyOf(pids);
    }

    /** Whether its processes are still there. */
    public boolean live() {
        return !failed() && !lost() && !gone();
    }

    /** Whether something of it runs, or will run again without being asked: who wants nothing to run has to end it. */
    public boolean active() {
        return live() || terminating || restarting;
    }

    public boolean failed() {
        return PoolView.State.FAILED.label().equals(state);
    }

    /** Whether it was shut down and not every rank was seen to end. */
    public boolean lost() {
        return PoolView.State.LOST.label().equals(state);
    }

    public boolean gone() {
        return PoolView.State.GONE.label().equals(state);
    }

    /** All pools of a daemon, the oldest first. */
    public record Listing(@Required List<PoolSummary> pools) {
        public Listing {
            pools = pools == null ? List.of() : List.copyOf(pools);
        }
    }

    /**
     * The operation that is under way on a pool.
     *
     * @param op one of {@link OperationView.Kind}, or a newer one
     * @param operation its id; empty for a ping that the daemon sends by itself
     * @param unanswered the ranks that it has asked and that have not answered, in order
     * @param text for a person: {@code init, 12 s of 120 s; rank 1 on gpu-2 has not answered}
     */
    public record Busy(
            String op,
            Optional<String> operation,
            long elapsedMs,
            long limitMs,
            List<Integer> unanswered,
            String text) {
        public Busy {
            op = EnumLabels.orEmpty(op);
            unanswered = unanswered == null ? List.of() : List.copyOf(unanswered);
            text = EnumLabels.orEmpty(text);
        }
    }
}
