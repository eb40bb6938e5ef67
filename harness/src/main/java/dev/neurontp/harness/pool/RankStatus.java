package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What is known of one rank: its state, its last pong, its first fault. Passes on what is new. Any thread may call. */
final class RankStatus {
    private final PoolRank rank;
    private final long sinceNanos;
    private final AtomicBoolean failed = new AtomicBoolean();
    /** Nobody, of a rank that is ended before anybody listened to it: another one could not be started. */
    private volatile PoolRank.Listener listener = new Nobody();

    private volatile RankState state;
    private volatile Instant lastPong;
    private volatile Duration roundTrip;

    /** Of a rank that lives from now on. */
    RankStatus(PoolRank rank, RankState first) {
        this(rank, first, System.nanoTime());
    }

    /** Of a rank that was started at {@code sinceNanos} by {@link System#nanoTime}. */
    RankStatus(PoolRank rank, RankState first, long sinceNanos) {
        this.rank = rank;
        this.state = first;
        this.sinceNanos = sinceNanos;
    }

    private static final class Nobody implements PoolRank.Listener {
        @Override
        public void moved(PoolRank rank, RankState next) {}

        @Override
        public void failed(PoolRank rank, RankFault fault) {}
    }

    /** Who is told from now on. */
    void listener(PoolRank.Listener whom) {
        listener = whom;
    }

    /** Of a rank on this host. */
    RankSnapshot snapshot(Optional<ProcessIdentity> process, Instant started, long device) {
        return snapshot(process, process, Optional.empty(), Optional.empty(), started, device);
    }

    RankSnapshot snapshot(
            Optional<ProcessIdentity> process,
            Optional<ProcessIdentity> child,
            Optional<String> host,
            Optional<Long> rssBytes,
            Instant started,
            long device) {
        Instant seen = lastPong;
        return new RankSnapshot(
                rank.rank(),
                process,
                child,
                host,
                rssBytes,
                started,
                device,
                state,
                Optional.ofNullable(seen),
                seen == null ? Optional.empty() : Optional.of(roundTrip));
    }

    boolean failed() {
        return failed.get();
    }

    /** Passed on in the order in which they are taken. A move that may not be is ignored. */
    synchronized void move(RankState next) {
        if (state != next && mayBecome(next)) {
            state = next;
            listener.moved(rank, next);
        }
    }

    /** A rank that is gone stays gone; of one that is lost, or has failed, only the end can still be seen. */
    private boolean mayBecome(RankState next) {
        return switch (state) {
            case GONE -> false;
            case LOST -> next == RankState.GONE;
            case FAILED -> next == RankState.GONE || next == RankState.LOST;
            case STARTING, READY, JOINING, JOINED, STOPPING -> true;
        };
    }

    /** Takes the reply to an exchange. */
    void take(Exchange<?> exchange, Reply reply, long nanoTime) {
        switch (reply) {
            case Reply.Right right -> {
                if (exchange.operation() == Operation.PING) {
                    roundTrip = exchange.tookUntil(rank.rank(), nanoTime);
                    lastPong = Instant.now();
                }
                exchange.answered(rank.rank(), right.response(), nanoTime);
            }
            case Reply.Refusal refusal -> refuse(exchange, refusal.error());
            case Reply.Wrong wrong -> fail(exchange, wrong.nature(), wrong.reason());
        }
    }

    private void refuse(Exchange<?> exchange, WorkerResponse.Error error) {
        note(exchange, RankFault.refusal(rank.rank(), exchange.operation().name(), exchange.elapsed(), error));
    }

    /** Fails the rank; {@code exchange} is null when nothing was in flight. */
    void fail(Exchange<?> exchange, RankFault.Nature nature, String reason) {
        String operation =
                exchange == null ? RankFault.IDLE : exchange.operation().name();
        Duration elapsed = exchange == null ? Duration.ofNanos(System.nanoTime() - sinceNanos) : exchange.elapsed();
        note(exchange, RankFault.of(rank.rank(), operation, elapsed, nature, reason));
    }

    private void note(Exchange<?> exchange, RankFault fault) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        listener.failed(rank, fault);
        if (exchange != null) {
            exchange.reported(rank.rank());
        }
    }
}
