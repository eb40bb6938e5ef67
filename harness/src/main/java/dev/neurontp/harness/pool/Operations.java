package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.SortedMap;

/** Runs operations on a pool, one at a time. Any thread may call. */
final class Operations {
    private final Group group;
    private final FailureHandler failures;
    private final Deadlines deadlines;
    private final Duration firstLimit;
    private final boolean distinctGpus;

    /**
     * @param startTook how long its start has waited already of the time that it has for its first answers
     * @param distinctGpus whether the ranks are asked for their GPUs before they join
     */
    Operations(Group group, FailureHandler failures, Deadlines deadlines, Duration startTook, boolean distinctGpus) {
        this.group = group;
        this.failures = failures;
        this.deadlines = deadlines;
        Duration left = deadlines.ready().minus(startTook);
        this.firstLimit = left.compareTo(deadlines.ping()) > 0 ? left : deadlines.ping();
        this.distinctGpus = distinctGpus;
    }

    /** Asks every rank, waits for every reply, and checks them; throws when one is missing or wrong, the pool having ended. */
    <R extends WorkerResponse> OperationResult<R> run(Operation<R> operation)
            throws PoolException, InterruptedException {
        if (operation.joins() && group.state() == PoolState.STARTING) {
            run(Operation.PING);
        }
        if (operation.joins() && distinctGpus && group.state() == PoolState.READY) {
            run(Operation.DISTINCT_GPUS);
        }
        boolean first = group.state() == PoolState.STARTING;
        Duration limit = first ? firstLimit : operation.limit(deadlines);
        Exchange<R> exchange = begin(operation, limit);
        try {
            operation.refusal(group.state()).ifPresent(reason -> {
                throw new IllegalStateException(reason);
            });
            exchange.ask(operation.joins() ? join(exchange) : operation.request(""));
            awaitReplies(exchange);
            OperationResult<R> result = exchange.result();
            requireRight(exchange, result);
            if (operation.joins()) {
                failures.rendezvous().close();
                group.move(PoolState.JOINED, RankState.JOINED);
            } else if (first) {
                group.move(PoolState.READY, RankState.READY);
            }
            return result;
        } finally {
            group.release(exchange);
        }
    }

    private <R extends WorkerResponse> Exchange<R> begin(Operation<R> operation, Duration limit)
            throws PoolException, InterruptedException {
        failures.requireLive();
        Exchange<R> exchange = new Exchange<>(operation, limit, group.members(operation));
        Exchange<?> other = group.take(exchange);
        if (other != null) {
            throw new PoolException.Busy(other.operation().name(), other.elapsed(), other.limit());
        }
        if (failures.ending()) {
            group.release(exchange);
            failures.requireLive();
        }
        return exchange;
    }

    private Request join(Exchange<?> exchange) throws PoolException, InterruptedException {
        group.move(PoolState.JOINING, RankState.JOINING);
        String commId = failures.rendezvous().awaitCommId(exchange);
        if (commId.isEmpty()) {
            throw stopped(exchange);
        }
        return exchange.operation().request(commId);
    }

    private void awaitReplies(Exchange<?> exchange) throws PoolException, InterruptedException {
        boolean answered;
        try {
            answered = exchange.await(exchange::complete);
        } catch (InterruptedException e) {
            failures.together(() -> exchange.members()
                    .forEach(rank -> failUnanswered(exchange, rank, "the caller was interrupted before it answered")));
            if (!exchange.succeeded()) {
                throw e;
            }
            // No reply is missing, and the next wait throws because of the interrupt.
            Thread.currentThread().interrupt();
            return;
        }
        if (!answered && !exchange.stopped()) {
            SilentRanks silent = SilentRanks.of(exchange, failures.rendezvous().arrived());
            failures.together(
                    () -> silent.causesFirst().forEach(rank -> failUnanswered(exchange, rank, silent.reason(rank))));
            // The last replies can come in while the silent ranks are looked for; that counts.
            answered = exchange.succeeded();
        }
        if (!answered) {
            throw stopped(exchange);
        }
    }

    private static void failUnanswered(Exchange<?> exchange, PoolRank rank, String reason) {
        if (!exchange.hasAnswer(rank.rank())) {
            rank.fail(exchange, RankFault.Nature.TIMEOUT, reason);
        }
    }

    private <R extends WorkerResponse> void requireRight(Exchange<R> exchange, OperationResult<R> result)
            throws PoolException, InterruptedException {
        SortedMap<Integer, String> wrong =
                exchange.operation().wrong(result, group.ranks().size());
        failures.together(() -> wrong.forEach(
                (rank, reason) -> group.ranks().get(rank).fail(exchange, RankFault.Nature.PROTOCOL, reason)));
        if (!wrong.isEmpty()) {
            throw failures.whyEnded(FailureHandler.SHUT_DOWN);
        }
    }

    private PoolException stopped(Exchange<?> exchange) throws InterruptedException {
        return failures.whyEnded(exchange.operation().name() + " was stopped after "
                + Durations.time(exchange.elapsed()) + ": " + FailureHandler.SHUT_DOWN);
    }
}
