package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The state of one rank and its first fault, and who is told of them. Any thread. */
final class RankStatus {
    private final PoolRank rank;
    private final long sinceNanos = System.nanoTime();
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile PoolRank.Listener listener;
    private volatile RankState state;

    RankStatus(PoolRank rank, RankState first) {
        this.rank = rank;
        this.state = first;
    }

    void tell(PoolRank.Listener whom) {
        listener = whom;
    }

    RankState state() {
        return state;
    }

    boolean failed() {
        return failed.get();
    }

    void move(RankState next) {
        if (state != next) {
            state = next;
            listener.moved(rank, next);
        }
    }

    /** Takes the reply to an exchange. */
    void take(Exchange<?> exchange, Reply reply, long nanoTime) {
        switch (reply) {
            case Reply.Right right -> exchange.answered(rank.rank(), right.response(), nanoTime);
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
