package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.ShutdownReport;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ranks of one pool on other hosts, which may outlive it and its daemon: the ledger knows of them before they are started, and nobody
 * gets their devices before they were seen to end, or have ended by their leases. Any thread.
 */
final class RanksElsewhere {
    private final String pool;
    private final List<PlacedRank> ranks;
    private final WorkerLedger ledger;
    private final Fences fences;
    private final Clock clock;

    /**
     * Those of the plan; none where it is one of this host.
     *
     * @throws IllegalArgumentException when the words of its launcher cannot be filled in
     */
    RanksElsewhere(String pool, PoolPlan plan, PoolServices services, Fences fences) {
        this.pool = pool;
        this.ranks = plan.placed(pool);
        this.ledger = services.ledger();
        this.clock = services.clock();
        this.fences = fences;
    }

    /**
     * They are started next.
     *
     * @throws PoolRequestException where that cannot be written down; nothing is started then
     */
    void begin() {
        if (!ranks.isEmpty()) {
            ledger.place(pool, ranks).ifPresent(why -> {
                neverStarted();
                throw HostCheck.notWritten(why);
            });
        }
    }

    /** Nothing was started. */
    void neverStarted() {
        ledger.remove(pool);
    }

    /** Nobody looks after them any more, and nobody has seen their end. */
    void leave() {
        Instant now = clock.instant();
        List<PlacedRank> left = ranks.stream().map(rank -> rank.lostAt(now)).toList();
        if (!left.isEmpty()) {
            ledger.inherit(left);
            fences.add(left);
        }
        ledger.remove(pool); // last: a daemon that is killed meanwhile leaves them written down
    }

    /** The pool has ended: what is kept is that of the ranks that were lost. */
    void ended(ShutdownReport report) {
        if (ranks.isEmpty()) {
            return;
        }
        List<PlacedRank> lost = new ArrayList<>();
        Instant now = clock.instant();
        for (RankExit end : report.ends()) {
            PlacedRank rank = ranks.get(end.rank());
            Optional<Instant> until = end.elsewhere().flatMap(RankExit.Elsewhere::leaseEnds);
            if (until.isPresent()) {
                lost.add(rank.until(until.get()));
                fences.add(List.of(lost.getLast()));
            } else if (end.isLost()) {
                lost.add(rank.lostAt(now));
                fences.keepApart(lost.getLast(), "was lost, " + end.lost());
            }
        }
        if (!report.rendezvousClosed() && lost.stream().noneMatch(rank -> rank.rank() == 0)) {
            lost.add(ranks.getFirst().besideLostAt(now));
        }
        if (!report.gone()) {
            ledger.place(pool, lost);
        }
    }
}
