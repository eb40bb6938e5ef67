package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.pool.PoolEvent;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns what a pool reports into events, and keeps the evidence of its end. Called on the pool's threads; what may block
 * runs on a thread of its own.
 */
final class PoolEventRecorder implements PoolEvent.Listener {
    private final Event.Subject subject;
    private final PoolPlan plan;
    private final PoolServices services;
    private final Consumer<ShutdownReport> endListener;
    private final Map<Integer, RankExit> exits = new ConcurrentSkipListMap<>();
    private final CompletableFuture<WorkerPool> pool = new CompletableFuture<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile PoolFailure failure;
    private volatile Instant joined;
    private volatile Instant ended;
    private volatile long endedNanos;
    private volatile boolean endsTold;
    private volatile boolean gone;

    /** Tells {@code ended} how the ranks have ended, before the pool counts as over. */
    PoolEventRecorder(Event.Subject subject, PoolPlan plan, PoolServices services, Consumer<ShutdownReport> ended) {
        this.subject = subject;
        this.plan = plan;
        this.services = services;
        this.endListener = ended;
    }

    /**
     * The pool exists; it may have reported before. The thread that waits for its end is started here: at the end the host may
     * have none.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    void attach(WorkerPool spawned) throws ThreadLimitException {
        pool.complete(spawned);
        DaemonThread.startVirtual("pool-" + subject.pool() + "-end", () -> gatherEvidence(spawned), null);
    }

    @Override
    public void on(PoolEvent event) {
        switch (event) {
            case PoolEvent.StartFailed failed -> tellEnds(failed.ends());
            case PoolEvent.PoolCreated() -> publish(new EventData.PoolCreated());
            case PoolEvent.PoolChanged changed -> {
                publish(new EventData.PoolChanged(changed.state()));
                if (changed.state() == PoolState.JOINED) {
                    joined = services.clock().instant();
                    services.log().joined(subject.pool(), plan);
                }
                if (changed.state() == PoolState.FAILED || changed.state() == PoolState.STOPPING) {
                    ending.countDown();
                }
            }
            case PoolEvent.RankChanged changed ->
                publish(new EventData.RankChanged(
                        changed.rank(), changed.pid(), plan.host(changed.rank()), changed.state()));
            case PoolEvent.RankFailed failed ->
                publish(new EventData.RankFailed(
                        failed.rank(), pidOf(failed.rank()), plan.host(failed.rank()), failed.op(), failed.reason()));
            case PoolEvent.RankEnded rankEnded -> {
                exits.put(rankEnded.end().rank(), rankEnded.end());
                publish(new EventData.RankEnded(rankEnded.end()));
                if (!rankEnded.end().refusal().isEmpty()) {
                    services.log().refusedToLeave(subject.pool(), plan, rankEnded.end());
                }
            }
        }
    }

    /** Waits for the pool's end and keeps what is known of it. */
    private void gatherEvidence(WorkerPool spawned) {
        try {
            ending.await();
            ShutdownReport report = spawned.shutdown();
            note(report);
            keepFailure(spawned);
            tellLost(report);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended = services.clock().instant();
            endedNanos = System.nanoTime();
            over.countDown();
        }
    }

    /** How ranks have ended, for those who keep their devices apart and know what a later daemon has to; and the operator, where one is lost. */
    void tellEnds(ShutdownReport report) {
        note(report);
        tellLost(report);
    }

    private void note(ShutdownReport report) {
        report.ends().forEach(exit -> exits.putIfAbsent(exit.rank(), exit));
        endListener.accept(report);
        endsTold = true;
        gone = report.gone();
        if (gone) {
            services.ledger().remove(subject.pool());
        }
    }

    private void tellLost(ShutdownReport report) {
        for (RankExit lost : report.lost()) {
            services.metrics().lost(plan.host(lost.rank()));
            services.log().lost(subject.pool(), plan, lost);
        }
        if (!report.rendezvousClosed()) {
            services.log().rendezvousLost(subject.pool(), plan);
        }
    }

    private void keepFailure(WorkerPool over) {
        Optional<PoolFailure> why = over.failure();
        if (why.isEmpty()) {
            services.log().shutDown(subject.pool(), plan);
            return;
        }
        failure = why.get();
        failure.failures().forEach(rank -> services.metrics().failed(rank.kind()));
        services.log().failed(subject.pool(), plan, failure.getMessage());
    }

    /** Whether it is known how its ranks have ended. */
    boolean areEndsTold() {
        return endsTold;
    }

    /** Whether its ranks, and what was started beside them, were seen to end; empty until the evidence is complete. */
    Optional<Boolean> gone() {
        return isOver() ? Optional.of(gone) : Optional.empty();
    }

    /** Why the pool has failed; empty when it has not, and until the evidence is complete. */
    Optional<PoolFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** The length of all that the failure quotes, in characters. */
    long textLength() {
        long ends = exits.values().stream().mapToLong(RankExit::textLength).sum();
        PoolFailure known = failure;
        if (known == null) {
            return ends;
        }
        long stderr = known.failures().stream()
                .flatMap(rank -> rank.stderr().stream())
                .mapToLong(String::length)
                .sum();
        return ends + known.getMessage().length() + stderr;
    }

    /** When all ranks had joined. */
    Optional<Instant> joined() {
        return Optional.ofNullable(joined);
    }

    /** When the evidence was complete. */
    Optional<Instant> ended() {
        return isOver() ? Optional.of(ended) : Optional.empty();
    }

    /** The same by {@link System#nanoTime}, once it {@link #isOver}: a clock that is set changes nothing. */
    long endedNanos() {
        return endedNanos;
    }

    /** How that rank ended; empty while it runs. */
    Optional<RankExit> exit(int rank) {
        return Optional.ofNullable(exits.get(rank));
    }

    /** Waits until the pool has ended and the evidence is complete; false when the time was over before. */
    boolean awaitOver(Duration time) throws InterruptedException {
        return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    void publish(EventData data) {
        services.events().publish(subject, data);
    }

    private long pidOf(int rank) {
        WorkerPool known = pool.getNow(null);
        if (known == null) {
            return 0;
        }
        return known.state()
                .ranks()
                .get(rank)
                .process()
                .map(ProcessIdentity::pid)
                .orElse(0L);
    }
}
