package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.FailureView;
import dev.neurontp.harness.api.RankExitView;
import dev.neurontp.harness.daemon.event.EventBuilder;
import dev.neurontp.harness.daemon.event.EventType;
import dev.neurontp.harness.pool.PoolEvent;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolListener;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pool tells of itself: turned into events, and kept where it is evidence. Called on the pool's threads; what may
 * block goes to a thread of its own.
 */
final class PoolEventRecorder implements PoolListener {
    private static final Logger LOG = LoggerFactory.getLogger(PoolEventRecorder.class);

    private final String id;
    private final int epoch;
    private final PoolServices around;
    private final Map<Integer, RankExitView> ends = new ConcurrentSkipListMap<>();
    private final CompletableFuture<WorkerPool> pool = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile FailureView failure;
    private volatile Instant ended;

    PoolEventRecorder(String id, int epoch, PoolServices around) {
        this.id = id;
        this.epoch = epoch;
        this.around = around;
    }

    /** The pool exists; it may have told things before. */
    void watch(WorkerPool spawned) {
        pool.complete(spawned);
    }

    @Override
    public void on(PoolEvent event) {
        switch (event) {
            case PoolEvent.PoolChanged changed -> {
                publish(EventBuilder.of(EventType.POOL_STATE).state(ApiMapper.label(changed.state())));
                if (changed.state() == PoolState.FAILED || changed.state() == PoolState.STOPPING) {
                    Thread.ofVirtual().name("pool-" + id + "-end").start(this::gatherEvidence);
                }
            }
            case PoolEvent.RankChanged changed ->
                publish(EventBuilder.of(EventType.RANK_STATE)
                        .rank(changed.rank(), changed.pid())
                        .state(ApiMapper.label(changed.state())));
            case PoolEvent.RankFailed failed ->
                publish(EventBuilder.of(EventType.RANK_FAILED)
                        .rank(failed.rank(), pidOf(failed.rank()))
                        .op(failed.op())
                        .reason(failed.reason()));
            case PoolEvent.RankEnded rankEnded -> {
                RankExitView end = ApiMapper.end(rankEnded.end());
                ends.put(end.rank(), end);
                publish(EventBuilder.of(EventType.RANK_ENDED).end(end));
            }
        }
    }

    /** Waits for the pool's end and keeps what is known of it. */
    private void gatherEvidence() {
        try {
            WorkerPool ending = pool.join();
            ShutdownReport report = ending.shutdown();
            report.ends().forEach(end -> ends.putIfAbsent(end.rank(), ApiMapper.end(end)));
            explain(ending);
            if (report.gone()) {
                around.ledger().remove(id);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ended = around.clock().instant();
            over.countDown();
        }
    }

    private void explain(WorkerPool ending) {
        Optional<PoolFailure> why = ending.failure();
        if (why.isEmpty()) {
            LOG.info("pool {} has ended: the pool was shut down", id);
            return;
        }
        failure = ApiMapper.failure(why.get());
        why.get().failures().forEach(rank -> around.metrics().failed(rank.kind()));
        LOG.warn("pool {} has failed: {}", id, why.get().getMessage());
    }

    Optional<FailureView> failure() {
        return Optional.ofNullable(failure);
    }

    Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    Optional<RankExitView> end(int rank) {
        return Optional.ofNullable(ends.get(rank));
    }

    /** Waits until the pool has ended and the evidence is there; false when the time was over before. */
    boolean awaitOver(Duration time) throws InterruptedException {
        return over.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    void publish(EventBuilder happening) {
        around.events().publish(happening.in(id, epoch));
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
