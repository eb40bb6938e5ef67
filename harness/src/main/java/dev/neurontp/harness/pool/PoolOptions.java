package dev.neurontp.harness.pool;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.StderrListener;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a pool is started and driven. Immutable; begin with {@link #DEFAULT} and change what differs.
 *
 * @param deadlines how long each step may take
 * @param rankZero where rank 0 lives
 * @param communicator what carries the collectives; passed to the workers as {@code NEURON_TP_COMMUNICATOR}
 * @param communicatorSource where the comm_id comes from, and the communicator of a rank 0 in the caller's process
 * @param commandIsWorker whether the command is the worker itself, so that its exit is the worker's end; false where it may start the
 *     worker elsewhere, as ssh does. Of our own command it is known
 * @param placement where the ranks are started, each by a launcher and beside an agent; empty for this host. Every rank is then in a
 *     process of its own, and rank 0 is where the comm_id is created
 * @param environment added to the environment of every worker
 * @param stderr is called with the lines of the workers' stderr
 * @param listener is called with what happens to the pool
 */
public record PoolOptions(
        Deadlines deadlines,
        RankZero rankZero,
        CommunicatorProvider communicator,
        CommunicatorSource communicatorSource,
        boolean commandIsWorker,
        Optional<Placement> placement,
        Map<String, String> environment,
        StderrListener stderr,
        PoolEvent.Listener listener) {
    /** Where rank 0 lives. */
    public enum RankZero {
        /**
         * In the caller's process: for libraries and one-shot checks. A collective that cannot be aborted stays in it. The only
         * rank of a pool of one is spawned all the same.
         */
        IN_PROCESS,
        /** In a process of its own, like the others: for a daemon. */
        SPAWNED
    }

    public static final PoolOptions DEFAULT = new PoolOptions(
            Deadlines.DEFAULT,
            RankZero.IN_PROCESS,
            Communicators.byDefault(),
            new BuiltInCommunicators(Communicators.byDefault()),
            false,
            Optional.empty(),
            Map.of(),
            (rank, line) -> {},
            event -> {});

    public PoolOptions {
        requireNonNull(deadlines, "deadlines is null");
        requireNonNull(rankZero, "rankZero is null");
        requireNonNull(communicator, "communicator is null");
        requireNonNull(communicatorSource, "communicatorSource is null");
        environment = Map.copyOf(environment);
        requireNonNull(stderr, "stderr is null");
        requireNonNull(listener, "listener is null");
    }

    /** What the ranks' environment is made of: that of this process, and over it what the options add. */
    public Map<String, String> rankEnvironment() {
        Map<String, String> whole = new HashMap<>(System.getenv());
        whole.putAll(environment);
        return whole;
    }

    public PoolOptions withDeadlines(Deadlines value) {
        return new PoolOptions(
                value,
                rankZero,
                communicator,
                communicatorSource,
                commandIsWorker,
                placement,
                environment,
                stderr,
                listener);
    }

    public PoolOptions withRankZero(RankZero value) {
        return new PoolOptions(
                deadlines,
                value,
                communicator,
                communicatorSource,
                commandIsWorker,
                placement,
                environment,
                stderr,
                listener);
    }

    /** One of our own communicators, for rank 0 and, through their environment, for the workers. */
    public PoolOptions withCommunicator(CommunicatorProvider value) {
        return new PoolOptions(
                deadlines,
                rankZero,
                value,
                new BuiltInCommunicators(value),
                commandIsWorker,
                placement,
                environment,
                stderr,
                listener);
    }

    /** Another source than our own communicators. */
    public PoolOptions withCommunicatorSource(CommunicatorSource value) {
        return new PoolOptions(
                deadlines, rankZero, communicator, value, commandIsWorker, placement, environment, stderr, listener);
    }

    public PoolOptions withCommandIsWorker(boolean value) {
        return new PoolOptions(
                deadlines, rankZero, communicator, communicatorSource, value, placement, environment, stderr, listener);
    }

    public PoolOptions withPlacement(Placement value) {
        return new PoolOptions(
                deadlines,
                rankZero,
                communicator,
                communicatorSource,
                commandIsWorker,
                Optional.of(value),
                environment,
                stderr,
                listener);
    }

    public PoolOptions withEnvironment(Map<String, String> value) {
        return new PoolOptions(
                deadlines,
                rankZero,
                communicator,
                communicatorSource,
                commandIsWorker,
                placement,
                value,
                stderr,
                listener);
    }

    public PoolOptions withStderr(StderrListener value) {
        return new PoolOptions(
                deadlines,
                rankZero,
                communicator,
                communicatorSource,
                commandIsWorker,
                placement,
                environment,
                value,
                listener);
    }

    public PoolOptions withListener(PoolEvent.Listener value) {
        return new PoolOptions(
                deadlines,
                rankZero,
                communicator,
                communicatorSource,
                commandIsWorker,
                placement,
                environment,
                stderr,
                value);
    }
}
