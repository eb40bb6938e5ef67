package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.api.PoolView.Fate;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pool that its daemon does not serve any more, as far as that daemon has written it down. What nobody has seen is not claimed:
 * where the daemon died with the pool, the ranks are lost and not gone.
 */
public final class PastPool {
    private final HistoryFolder folder;
    private final PoolRecord record;
    private final Fate fate;

    PastPool(HistoryFolder folder, PoolRecord record, Fate fate) {
        this.folder = folder;
        this.record = record;
        this.fate = fate;
    }

    public String id() {
        return record.pool().id();
    }

    boolean isNamed(String name) {
        return record.pool().name().filter(name::equals).isPresent();
    }

    Instant created() {
        return record.pool().created();
    }

    /** The folder that it stands in. */
    public Path place() {
        return folder.path();
    }

    HistoryFolder folder() {
        return folder;
    }

    /** Whether it is not just a pool that its daemon serves. */
    boolean isPast() {
        return record.over() || fate != Fate.LIVE;
    }

    /** Whether nothing will be written down of it any more: it has ended, or its daemon has. */
    public boolean isOver() {
        return record.over() || fate == Fate.GONE;
    }

    /** In a list. */
    public PoolSummary summary() {
        PoolView pool = view();
        return new PoolSummary(
                pool.id(),
                pool.name(),
                pool.labels(),
                pool.epoch(),
                pool.state(),
                pool.worldSize(),
                pool.restart().count(),
                pool.communicator(),
                pool.created(),
                pool.ranks().stream().map(PoolView.Rank::pid).toList(),
                Optional.empty(),
                pool.reason(),
                false,
                false,
                pool.recorded());
    }

    /** All that is known of it, but for its ranks' last lines. */
    public PoolView view() {
        PoolView pool = record.pool();
        boolean lost = !record.over();
        return new PoolView(
                pool.id(),
                pool.name(),
                pool.labels(),
                pool.epoch(),
                lost && !pool.failed() ? PoolView.State.LOST.label() : pool.state(),
                pool.worldSize(),
                pool.communicator(),
                pool.shareDevices(),
                pool.restart(),
                pool.command(),
                pool.launcher(),
                pool.created(),
                pool.joined(),
                pool.ended(),
                lost ? Optional.of(false) : pool.gone(),
                Optional.empty(),
                lost ? pool.reason().or(() -> Optional.of(whyLost())) : pool.reason(),
                pool.failure(),
                lost ? pool.ranks().stream().map(PastPool::unseen).toList() : pool.ranks(),
                Optional.of(new PoolView.Recorded(
                        record.written(),
                        record.daemon().pid(),
                        record.daemon().started(),
                        record.daemon().version(),
                        record.daemon().bootId(),
                        record.daemon().host().name(),
                        fate.label())));
    }

    private String whyLost() {
        String daemon = "its daemon (pid " + record.daemon().pid() + ") ";
        return fate == Fate.GONE
                ? daemon + "has ended, and nothing that it wrote shows that its ranks ended"
                : daemon + "ran on the host " + record.daemon().host().name()
                        + ", and nothing here shows whether it still does";
    }

    private static PoolView.Rank unseen(PoolView.Rank rank) {
        return rank.end().filter(PoolView.RankExit::gone).isPresent()
                ? rank
                : rank.recorded(PoolView.RankState.LOST.label(), List.of());
    }
}
