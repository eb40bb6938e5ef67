package dev.neurontp.harness.pool;

import dev.neurontp.harness.launch.Placement;
import dev.neurontp.harness.process.ChildProcess;
import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.process.WorkerCommand;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.U32;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Checks what a pool is asked to be, and starts its ranks, all at once.
 *
 * @param ranks all of them, in order
 * @param settings of every rank: its own waits end before the pool's deadlines, and what its group has for itself alone
 */
record PoolLaunch(WorkerCommand command, List<RankIdentity> ranks, PoolOptions options, Map<String, String> settings) {
    private static final String COMMUNICATOR = "NEURON_TP_COMMUNICATOR";
    private static final int SMALLEST = 1;
    /** What the loopback communicator can hold, and far more processes than a host has GPUs. */
    private static final int LARGEST = 1024;

    PoolLaunch {
        ranks = List.copyOf(ranks);
    }

    /**
     * Checks, and starts nothing.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static PoolLaunch check(List<String> command, int worldSize, List<Long> devices, PoolOptions options) {
        requireWorldSize(worldSize);
        if (devices.size() != worldSize) {
            throw new IllegalArgumentException("the devices are " + devices + ", " + devices.size() + " in number, for "
                    + worldSize + " ranks: every rank has one, rank 0 too");
        }
        List<RankIdentity> identities = new ArrayList<>();
        for (int rank = 0; rank < worldSize; rank++) {
            long device = U32.require("the device of rank " + rank, devices.get(rank));
            identities.add(new RankIdentity(rank, worldSize, device));
        }
        PoolLaunch launch = new PoolLaunch(
                options.placement().isPresent()
                        ? new WorkerCommand(command, Optional.empty())
                        : WorkerCommand.of(command),
                identities,
                options,
                settings(options));
        options.placement().ifPresent(placement -> launch.requirePlaces(placement));
        return launch;
    }

    private void requirePlaces(Placement placement) {
        if (placement.places().size() != ranks.size()) {
            throw new IllegalArgumentException(
                    "there are " + placement.places().size() + " places for " + ranks.size() + " ranks: each has one");
        }
        ranks.forEach(placedStart(placement)::require);
    }

    PlacedStart placedStart(Placement placement) {
        Map<String, String> all = environment();
        all.put(LeaderMark.VARIABLE, LeaderMark.ofThisProcess());
        List<String> worker = NeuronLauncher.starts(command.words()) ? List.of() : command.words();
        return new PlacedStart(placement, worker, all, options);
    }

    private static Map<String, String> settings(PoolOptions options) {
        Map<String, String> environment = options.rankEnvironment();
        Deadlines deadlines = options.deadlines();
        Map<String, String> settings = new HashMap<>(options.communicator().settingsOfGroup(environment));
        settings.putAll(options.communicator().timeoutsWithin(deadlines.init(), deadlines.sanity(), environment));
        return Map.copyOf(settings);
    }

    /** The source of the comm_id and of a communicator in this process, with the same settings as every other rank. */
    CommunicatorSource communicators() {
        if (!(options.communicatorSource() instanceof BuiltInCommunicators builtIn)) {
            return options.communicatorSource();
        }
        if (options.placement().isPresent()) {
            return CommIdMaker.placed(placedStart(options.placement().get()), ranks.getFirst(), options);
        }
        return isSpawnedWhole() && options.communicator().servesForEver()
                ? CommIdMaker.here(environment(), options)
                : new BuiltInCommunicators(builtIn.provider(), settings);
    }

    /** A pool of one is one worker: with its only rank in the leader there would be no process to ask. */
    private boolean isSpawnedWhole() {
        return options.rankZero() == PoolOptions.RankZero.SPAWNED || ranks.size() == 1;
    }

    /** What every process of a pool of this host has in its environment beyond this one's. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(options.environment());
        environment.put(COMMUNICATOR, options.communicator().name());
        environment.putAll(settings);
        return environment;
    }

    /**
     * Whether the ranks are asked before the join which GPUs they have: our own workers with a communicator that needs some.
     * Another worker may not know the question.
     */
    boolean comparesGpus() {
        return options.communicator().needsGpu()
                && ranks.size() > 1
                && NeuronLauncher.starts(command.words())
                && !SharedGpu.isAskedFor(options.rankEnvironment());
    }

    /** Whether what is started is the worker itself. Our own launcher becomes it. */
    private boolean commandIsWorker() {
        return options.commandIsWorker() || NeuronLauncher.starts(command.words());
    }

    static void requireWorldSize(int worldSize) {
        if (worldSize < SMALLEST) {
            throw new IllegalArgumentException(
                    "the world size is " + worldSize + ": a pool has at least " + SMALLEST + " rank");
        }
        if (worldSize > LARGEST) {
            throw new IllegalArgumentException("the world size is " + worldSize + ": a pool has at most " + LARGEST
                    + " ranks, since each is a process of this host");
        }
    }

    /** Starts every rank; when one cannot be started, those that were are ended, and the listener is told how. */
    List<PoolRank> start() throws PoolFailure, InterruptedException {
        if (options.placement().isPresent()) {
            return startPlaced(placedStart(options.placement().get()));
        }
        List<RankIdentity> spawned = isSpawnedWhole() ? ranks : ranks.subList(1, ranks.size());
        List<PoolRank> inProcesses = startAll(spawned, new ChildProcess[spawned.size()], this::startOne, this::rank);
        List<PoolRank> started = new ArrayList<>();
        for (RankIdentity identity : ranks) {
            int index = spawned.indexOf(identity);
            started.add(index < 0 ? new LocalRank(identity, communicators()) : inProcesses.get(index));
        }
        return started;
    }

    private PoolRank rank(RankIdentity identity, ChildProcess child) {
        WorkerProcess process = new WorkerProcess((int) identity.rank(), child, options.stderr());
        return new PipeRank(identity, process, commandIsWorker());
    }

    private List<PoolRank> startPlaced(PlacedStart start) throws PoolFailure, InterruptedException {
        return startAll(
                ranks,
                new WorkerProcess[ranks.size()],
                start::start,
                (identity, started) -> new PipeRank(start.inside(identity), identity.cudaDevice(), started, false));
    }

    /** Starts one of them; on a thread of its own. */
    @FunctionalInterface
    private interface Starter<P> {
        P start(RankIdentity identity) throws IOException, InterruptedException;
    }

    private <P> List<PoolRank> startAll(
            List<RankIdentity> processes, P[] started, Starter<P> starter, BiFunction<RankIdentity, P, PoolRank> asRank)
            throws PoolFailure, InterruptedException {
        Throwable[] failed = new Throwable[processes.size()];
        Duration[] after = new Duration[processes.size()];
        List<Thread> starters = new ArrayList<>();
        for (int i = 0; i < started.length; i++) {
            int index = i;
            Runnable start = () -> {
                Deadline since = Deadline.in(options.deadlines().ready());
                try {
                    started[index] = starter.start(processes.get(index));
                } catch (IOException | InterruptedException | RuntimeException | Error e) {
                    // Nothing more here: a class that is needed for it may not be loadable while no descriptor is left.
                    failed[index] = e;
                    after[index] = since.elapsed();
                }
            };
            try {
                starters.add(DaemonThread.start("spawn-" + i, start));
            } catch (ThreadLimitException e) {
                // A rank needs more threads than this one.
                failed[index] = e;
                after[index] = Duration.ZERO;
                // The pool cannot come up any more: nobody is waited for.
                starters.forEach(Thread::interrupt);
            }
        }
        boolean interrupted = join(starters);
        try {
            List<PoolRank> all = new ArrayList<>();
            for (int i = 0; i < started.length; i++) {
                if (started[i] != null) {
                    all.add(asRank.apply(processes.get(i), started[i]));
                }
            }
            if (all.size() < started.length) {
                List<RankFailure> lost = end(all);
                if (interrupted
                        && Arrays.stream(failed).allMatch(e -> e == null || e instanceof InterruptedException)) {
                    throw new InterruptedException("the start was given up");
                }
                throw new PoolFailure(Stream.concat(failures(processes, failed, after).stream(), lost.stream())
                        .toList());
            }
            return all;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ChildProcess startOne(RankIdentity identity) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.forRank(identity));
        builder.environment().putAll(environment());
        return ChildProcess.start(builder);
    }

    /** Ends those that were started where others could not be; those whose end was not seen. */
    private List<RankFailure> end(List<PoolRank> started) {
        PoolTermination end = new PoolTermination(
                new Group(started, _ -> {}),
                new RendezvousHost(communicators(), _ -> {}),
                options.deadlines(),
                false,
                RootCauseWindow.NONE);
        end.start(false, () -> {});
        ShutdownReport ends = end.awaitWhatever();
        options.listener().on(new PoolEvent.StartFailed(ends));
        return started.stream()
                .filter(rank -> ends.of(rank.rank()).isLost())
                .map(rank -> rank.explain(ended(rank), ends.of(rank.rank())))
                .toList();
    }

    private static RankFault ended(PoolRank rank) {
        return RankFault.of(
                rank.rank(),
                RankFault.SPAWN,
                Duration.ZERO,
                RankFault.Nature.EXITED,
                "it was ended since others could not be started, and its end was not seen");
    }

    private Optional<String> host(int rank) {
        return options.placement().map(places -> places.of(rank).host());
    }

    private List<RankFailure> failures(List<RankIdentity> processes, Throwable[] failed, Duration[] after) {
        List<RankFailure> failures = new ArrayList<>();
        for (int i = 0; i < failed.length; i++) {
            // One that was interrupted has waited in vain for a pool that had failed already.
            if (failed[i] != null && !(failed[i] instanceof InterruptedException)) {
                int rank = (int) processes.get(i).rank();
                RankFault fault =
                        RankFault.of(rank, RankFault.SPAWN, after[i], RankFault.Nature.EXITED, why(failed[i]));
                failures.add(new RankFailure(fault, 0, host(rank), "", List.of()));
            }
        }
        return failures;
    }

    private static String why(Throwable e) {
        String said = e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString();
        return said.lines().findFirst().orElse("").strip();
    }

    /** Started processes must be known before anything else happens: an interrupt ends the wait for agents, and waits itself. */
    private static boolean join(List<Thread> starters) {
        boolean interrupted = false;
        for (Thread starter : starters) {
            boolean joined = false;
            while (!joined) {
                try {
                    joined = starter.join(Duration.ofSeconds(1));
                } catch (InterruptedException _) {
                    interrupted = true;
                    starters.forEach(Thread::interrupt);
                }
            }
        }
        return interrupted;
    }
}
