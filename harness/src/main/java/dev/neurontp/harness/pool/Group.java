package dev.neurontp.harness.pool;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ranks of a pool as a unit: one state, at most one exchange in flight, and the listener of its events. */
final class Group {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private final List<PoolRank> ranks;
    private final PoolEvent.Listener listener;
    private final List<PoolRank> inCollectives;
    private final List<PoolRank> inOthers;
    private final AtomicReference<Exchange<?>> inFlight = new AtomicReference<>();
    private volatile PoolState state = PoolState.STARTING;
    private boolean ending;

    /** All ranks in order. */
    Group(List<PoolRank> ranks, PoolEvent.Listener listener) {
        this.ranks = List.copyOf(ranks);
        this.inCollectives = ranks.stream().filter(rank -> rank.takesPart(true)).toList();
        this.inOthers = ranks.stream().filter(rank -> rank.takesPart(false)).toList();
        this.listener = listener;
    }

    List<PoolRank> ranks() {
        return ranks;
    }

    /** Those that an operation asks. */
    List<PoolRank> members(Operation<?> operation) {
        return operation.collective() ? inCollectives : inOthers;
    }

    PoolState state() {
        return state;
    }

    Optional<Exchange<?>> inFlight() {
        return Optional.ofNullable(inFlight.get());
    }

    /** Makes this the exchange in flight; returns the one that already is, or null. */
    Exchange<?> take(Exchange<?> exchange) {
        return inFlight.compareAndExchange(null, exchange);
    }

    void release(Exchange<?> exchange) {
        inFlight.compareAndSet(exchange, null);
    }

    /** Changes the state of the pool and its ranks together, unless its end has begun. */
    synchronized void move(PoolState next, RankState rankState) {
        if (!ending) {
            ranks.forEach(rank -> rank.move(rankState));
            enter(next);
        }
    }

    /** The end begins: only {@link #ended} changes the state after that. */
    synchronized void end(PoolState during) {
        ending = true;
        enter(during);
    }

    /**
     * The end is over.
     *
     * @param gone whether every rank was seen to end
     */
    synchronized void ended(boolean gone) {
        if (state == PoolState.STOPPING) {
            enter(gone ? PoolState.GONE : PoolState.LOST);
        }
    }

    private void enter(PoolState next) {
        if (state != next) {
            state = next;
            tell(new PoolEvent.PoolChanged(next));
        }
    }

    void tell(PoolEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.warn("the pool's listener failed on {}: {}", event, e.toString());
        }
    }
}
