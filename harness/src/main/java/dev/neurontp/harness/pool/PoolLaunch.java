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
import java.util.Objects;
import java.util.Optional;

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
        Map<String, String> all = new HashMap<>(options.environment());
        all.put(COMMUNICATOR, options.communicator().name());
        all.putAll(settings);
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
        if (options.placement().isPresent() && options.communicatorSource() instanceof BuiltInCommunicators) {
            return new PlacedCommunicators(placedStart(options.placement().get()), ranks.getFirst(), options);
        }
        return options.communicatorSource() instanceof BuiltInCommunicators builtIn
                ? new BuiltInCommunicators(builtIn.provider(), settings)
                : options.communicatorSource();
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

    /** Starts every rank; when one cannot be started, those that were are killed and none is left. */
    List<PoolRank> start() throws PoolFailure, InterruptedException {
        // A pool of one is one worker: with its only rank in the leader there would be no process to ask.
        if (options.placement().isPresent()) {
            return startPlaced(placedStart(options.placement().get()));
        }
        boolean all = options.rankZero() == PoolOptions.RankZero.SPAWNED || ranks.size() == 1;
        List<RankIdentity> spawned = all ? ranks : ranks.subList(1, ranks.size());
        List<WorkerProcess> processes = startProcesses(spawned);
        List<PoolRank> started = new ArrayList<>();
        for (RankIdentity identity : ranks) {
            int index = spawned.indexOf(identity);
            started.add(
                    index < 0
                            ? new LocalRank(identity, communicators())
                            : new PipeRank(identity, processes.get(index), commandIsWorker()));
        }
        return started;
    }

    private List<WorkerProcess> startProcesses(List<RankIdentity> processes) throws PoolFailure, InterruptedException {
        ChildProcess[] started = startAll(processes, this::startOne, new ChildProcess[processes.size()], children -> {
            kill(children, options.deadlines().sigkill());
        });
        List<WorkerProcess> workers = new ArrayList<>();
        for (int i = 0; i < started.length; i++) {
            workers.add(new WorkerProcess((int) processes.get(i).rank(), started[i], options.stderr()));
        }
        return workers;
    }

    private List<PoolRank> startPlaced(PlacedStart start) throws PoolFailure, InterruptedException {
        WorkerProcess[] started = startAll(ranks, start::start, new WorkerProcess[ranks.size()], children -> {
            for (WorkerProcess child : children) {
                child.closePipes();
                child.kill(Deadline.in(options.deadlines().sigkill()));
            }
        });
        List<PoolRank> all = new ArrayList<>();
        for (int i = 0; i < started.length; i++) {
            all.add(new PipeRank(start.inside(ranks.get(i)), ranks.get(i).cudaDevice(), started[i], false));
        }
        return all;
    }

    /** Starts one of them; on a thread of its own. */
    @FunctionalInterface
    private interface Starter<P> {
        P start(RankIdentity identity) throws IOException, InterruptedException;
    }

    /** Ends those that were started where others could not be. */
    @FunctionalInterface
    private interface Killer<P> {
        void kill(List<P> started) throws InterruptedException;
    }

    private <P> P[] startAll(List<RankIdentity> processes, Starter<P> starter, P[] started, Killer<P> killer)
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
            if (Arrays.asList(started).contains(null)) {
                killer.kill(Arrays.stream(started).filter(Objects::nonNull).toList());
                if (interrupted
                        && Arrays.stream(failed).allMatch(e -> e == null || e instanceof InterruptedException)) {
                    throw new InterruptedException("the start was given up");
                }
                throw new PoolFailure(failures(processes, failed, after));
            }
            return started;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ChildProcess startOne(RankIdentity identity) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command.forRank(identity));
        builder.environment().put(COMMUNICATOR, options.communicator().name());
        builder.environment().putAll(options.environment());
        builder.environment().putAll(settings);
        return ChildProcess.start(builder);
    }

    private static void kill(List<ChildProcess> children, Duration limit) throws InterruptedException {
        children.forEach(ChildProcess::closePipes);
        for (ChildProcess child : children) {
            child.kill(Deadline.in(limit));
        }
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
