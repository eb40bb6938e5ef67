package dev.neurontp.harness.pool;

import dev.neurontp.rpc.U32;
import dev.neurontp.worker.RankIdentity;
import dev.neurontp.worker.comm.Communicators;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks what a pool is asked to be, and starts its processes, all at once.
 *
 * @param waits settings of every rank, by which its own waits end before the pool's deadlines
 */
record Spawn(
        WorkerCommand command,
        List<RankIdentity> processes,
        Optional<RankIdentity> local,
        PoolOptions options,
        Map<String, String> waits) {
    private static final String COMMUNICATOR = "NEURON_TP_COMMUNICATOR";
    private static final int SMALLEST = 2;
    /** What the loopback communicator can hold, and far more processes than a host has GPUs. */
    private static final int LARGEST = 1024;

    Spawn {
        processes = List.copyOf(processes);
    }

    /**
     * Checks, and starts nothing.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static Spawn check(List<String> command, int worldSize, List<Long> devices, PoolOptions options) {
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
        WorkerCommand checked = WorkerCommand.of(command);
        Map<String, String> waits = waits(options);
        return options.rankZero() == RankZero.SPAWNED
                ? new Spawn(checked, identities, Optional.empty(), options, waits)
                : new Spawn(
                        checked, identities.subList(1, worldSize), Optional.of(identities.getFirst()), options, waits);
    }

    private static Map<String, String> waits(PoolOptions options) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(options.environment());
        Deadlines deadlines = options.deadlines();
        return Communicators.endingBefore(options.communicator(), deadlines.init(), deadlines.sanity(), environment);
    }

    /** Rank 0's seat and the comm_id, with the same waits as every other rank. */
    CommunicatorSource collectives() {
        return options.collectives() instanceof BuiltInCollectives builtIn
                ? new BuiltInCollectives(builtIn.kind(), waits)
                : options.collectives();
    }

    static void requireWorldSize(int worldSize) {
        if (worldSize < SMALLEST) {
            throw new IllegalArgumentException(
                    "the world size is " + worldSize + ": a pool has at least " + SMALLEST + " ranks");
        }
        if (worldSize > LARGEST) {
            throw new IllegalArgumentException("the world size is " + worldSize + ": a pool has at most " + LARGEST
                    + " ranks, since each is a process of this host");
        }
    }

    int worldSize() {
        return processes.size() + (local.isPresent() ? 1 : 0);
    }

    /** Starts every process; when one cannot be started, those that were are killed and none is left. */
    List<WorkerProcess> start() throws PoolFailure, InterruptedException {
        WorkerProcess[] started = new WorkerProcess[processes.size()];
        RankFailure[] failed = new RankFailure[processes.size()];
        List<Thread> starters = new ArrayList<>();
        for (int i = 0; i < started.length; i++) {
            int index = i;
            starters.add(Thread.ofPlatform().daemon().name("spawn-" + i).start(() -> {
                Deadline since = Deadline.in(options.deadlines().ready());
                RankIdentity identity = processes.get(index);
                try {
                    started[index] = startOne(identity);
                } catch (IOException e) {
                    Trouble trouble = Trouble.of(
                            (int) identity.rank(), Op.SPAWN, since.elapsed(), Trouble.Nature.DEATH, e.getMessage());
                    failed[index] = new RankFailure(trouble, 0, "", List.of());
                }
            }));
        }
        join(starters);
        List<RankFailure> failures = present(failed);
        if (!failures.isEmpty()) {
            for (WorkerProcess process : present(started)) {
                process.kill();
                process.awaitExit(Deadline.in(options.deadlines().sigkill()));
            }
            throw new PoolFailure(failures);
        }
        return present(started);
    }

    private WorkerProcess startOne(RankIdentity identity) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put(COMMUNICATOR, options.communicator().label());
        environment.putAll(options.environment());
        environment.putAll(waits);
        return WorkerProcess.start((int) identity.rank(), command.forRank(identity), environment, options.stderr());
    }

    /** Started processes must be known before anything else happens, so an interrupt waits. */
    private static void join(List<Thread> starters) throws InterruptedException {
        boolean interrupted = false;
        for (Thread starter : starters) {
            boolean joined = false;
            while (!joined) {
                try {
                    joined = starter.join(Duration.ofSeconds(1));
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> List<T> present(T[] slots) {
        List<T> found = new ArrayList<>();
        for (T slot : slots) {
            if (slot != null) {
                found.add(slot);
            }
        }
        return found;
    }
}
