package dev.neurontp.harness.pool;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.process.StderrListener;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.util.Map;

/**
 * How a pool is brought up and held. Immutable; begin with {@link #DEFAULT} and change what differs.
 *
 * @param deadlines how long each step may take
 * @param rankZero where rank 0 lives
 * @param communicator what carries the collectives; handed to the workers as {@code NEURON_TP_COMMUNICATOR}
 * @param collectives rank 0's seat and the comm_id
 * @param environment added to the environment of every worker
 * @param stderr gets the lines of the workers' stderr
 * @param listener gets what happens to the pool
 */
public record PoolOptions(
        Deadlines deadlines,
        RankZero rankZero,
        CommunicatorProvider communicator,
        CommunicatorSource collectives,
        Map<String, String> environment,
        StderrListener stderr,
        PoolListener listener) {
    public static final PoolOptions DEFAULT = new PoolOptions(
            Deadlines.DEFAULT,
            RankZero.IN_PROCESS,
            Communicators.byDefault(),
            new BuiltInCommunicators(Communicators.byDefault()),
            Map.of(),
            (rank, line) -> {},
            event -> {});

    public PoolOptions {
        requireNonNull(deadlines, "deadlines is null");
        requireNonNull(rankZero, "rankZero is null");
        requireNonNull(communicator, "communicator is null");
        requireNonNull(collectives, "collectives is null");
        environment = Map.copyOf(environment);
        requireNonNull(stderr, "stderr is null");
        requireNonNull(listener, "listener is null");
    }

    public PoolOptions withDeadlines(Deadlines value) {
        return new PoolOptions(value, rankZero, communicator, collectives, environment, stderr, listener);
    }

    public PoolOptions withRankZero(RankZero value) {
        return new PoolOptions(deadlines, value, communicator, collectives, environment, stderr, listener);
    }

    /** One of our own communicators, for rank 0 and, through their environment, for the workers. */
    public PoolOptions withCommunicator(CommunicatorProvider value) {
        return new PoolOptions(
                deadlines, rankZero, value, new BuiltInCommunicators(value), environment, stderr, listener);
    }

    /** Another source of rank 0's seat and the comm_id than our own communicators. */
    public PoolOptions withCollectives(CommunicatorSource value) {
        return new PoolOptions(deadlines, rankZero, communicator, value, environment, stderr, listener);
    }

    public PoolOptions withEnvironment(Map<String, String> value) {
        return new PoolOptions(deadlines, rankZero, communicator, collectives, value, stderr, listener);
    }

    public PoolOptions withStderr(StderrListener value) {
        return new PoolOptions(deadlines, rankZero, communicator, collectives, environment, value, listener);
    }

    public PoolOptions withListener(PoolListener value) {
        return new PoolOptions(deadlines, rankZero, communicator, collectives, environment, stderr, value);
    }
}
