package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.HardExit;
import dev.neurontp.worker.RankIdentity;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One try at being in a group, from the device to the communicator. All methods but {@link #abortWithin} are called on the
 * rank's thread.
 */
final class Membership {
    /** For the answer of NCCL's RAS port, once the rest is lost anyway. */
    static final Duration RAS_BOUND = Duration.ofSeconds(2);

    /** What a failed group leaves behind in native code may keep an exit from ending. */
    private static final int EXIT_SECONDS = 3;

    private static final long FIRST_PAUSES = 200;
    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final RankIdentity identity;
    private final NcclSettings settings;
    private final Place place;
    private final RankThread thread;
    private final BooleanSupplier aborted;
    private final Comm comm;
    private final OpenLibraries libraries;
    private CudaDevice device;
    private volatile boolean begun;
    private volatile boolean joined;
    private volatile boolean broken;
    private volatile Thread hanging;

    Membership(
            RankIdentity identity,
            NcclSettings settings,
            Place place,
            OpenLibraries libraries,
            RankThread thread,
            BooleanSupplier aborted) {
        this.identity = identity;
        this.settings = settings;
        this.place = place;
        this.libraries = libraries;
        this.thread = thread;
        this.aborted = aborted;
        this.comm = new Comm(libraries.nccl());
    }

    boolean isJoined() {
        return joined;
    }

    /** Whether NCCL was at work when it failed; before that, another try is as good as the first. */
    boolean isBroken() {
        return broken;
    }

    Void join(UniqueId id) throws NcclException {
        long deadline = System.nanoTime() + settings.init().toNanos();
        try {
            place.found(libraries);
            thread.at("initialising the CUDA driver");
            CudaDriver.initialise();
            place.foundDriver(CudaDriver.version());
            thread.at("opening CUDA device " + identity.cudaDevice());
            device = CudaDevice.open(identity.cudaDevice());
            place.found(device);
            thread.at("waiting for all ranks to join (ncclCommInitRankConfig)");
            begun = true;
            comm.join((int) identity.worldSize(), id, (int) identity.rank());
            awaitComm("ncclCommInitRankConfig", deadline, settings.init());
            joined = true;
            return null;
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            if (!joined && !broken && device != null) {
                device.close();
                device = null;
            }
            thread.at("nothing");
        }
    }

    long allReduceSum(int value) throws NcclException {
        long deadline = System.nanoTime() + settings.collective().toNanos();
        try {
            thread.at("an all-reduce over all ranks (ncclAllReduce)");
            device.load(value);
            comm.allReduceSum(device);
            awaitComm("ncclAllReduce", deadline, settings.collective());
            for (long round = 0; !device.isIdle(); round++) {
                requireHealthy("ncclAllReduce");
                pause(round, "ncclAllReduce", deadline, settings.collective());
            }
            requireHealthy("ncclAllReduce");
            return Integer.toUnsignedLong(device.received());
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            thread.at("nothing");
        }
    }

    private void awaitComm(String call, long deadline, Duration bound) throws NcclException {
        for (long round = 0; requireHealthy(call); round++) {
            pause(round, call, deadline, bound);
        }
    }

    /** Whether NCCL still works at something. */
    private boolean requireHealthy(String call) throws NcclException {
        int state = comm.state();
        if (NcclResult.IN_PROGRESS.is(state)) {
            return true;
        }
        if (!NcclResult.SUCCESS.is(state)) {
            throw comm.failure(call, state);
        }
        return false;
    }

    private void pause(long round, String call, long deadline, Duration bound) throws NcclException {
        if (aborted.getAsBoolean()) {
            throw new NcclException.Aborted(call + " was aborted by its leader after " + thread.describe());
        }
        if (System.nanoTime() - deadline >= 0) {
            throw new NcclException.OutOfTime(String.format(
                    Locale.ROOT,
                    "out of time, %.1f s are allowed: rank %d was at %s",
                    bound.toNanos() / 1e9,
                    identity.rank(),
                    thread.describe()));
        }
        LockSupport.parkNanos(round < FIRST_PAUSES ? FIRST_PAUSE_NANOS : PAUSE_NANOS);
    }

    /** Takes the group down after a failure and completes the account of it. */
    private NcclException lost(NcclException e) {
        if (!begun) {
            return e;
        }
        broken = true;
        joined = false;
        HardExit.ifExitTakesLonger(EXIT_SECONDS);
        StringBuilder account = new StringBuilder(e.getMessage());
        if (e instanceof NcclException.OutOfTime) {
            Optional<String> ras = RasReport.ask(settings.ras(), RAS_BOUND);
            account.append("; NCCL's RAS port ").append(settings.ras());
            account.append(ras.map(text -> " says: " + text).orElse(" does not answer"));
        }
        thread.at("aborting (ncclCommAbort)");
        if (!abortWithin(settings.abort())) {
            account.append("; ncclCommAbort does not return, it was left behind after ")
                    .append(settings.abort().toMillis() / 1e3)
                    .append(" s");
        }
        return new NcclException(account.toString());
    }

    /**
     * Aborts on a thread of its own. Any thread may call.
     *
     * @return whether the abort returned within the bound
     */
    boolean abortWithin(Duration bound) {
        Thread aborting = new Thread(this::abort, "nccl-abort-" + identity.rank());
        aborting.setDaemon(true);
        aborting.start();
        try {
            if (aborting.join(bound)) {
                return true;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        HardExit.ifExitTakesLonger(EXIT_SECONDS);
        hanging = aborting;
        return false;
    }

    private void abort() {
        try {
            comm.abort();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /**
     * Leaves the group and gives the device back. What hangs, hangs in here: the caller has the bound, and a process that
     * cannot leave is to be ended the hard way.
     */
    Void leave() throws NcclException {
        thread.at("leaving the group (ncclCommFinalize, ncclCommDestroy)");
        Thread stuck = hanging;
        if (stuck != null) {
            awaitEnd(stuck);
        }
        if (joined) {
            joined = false;
            finish();
        }
        if (device != null) {
            device.close();
            device = null;
        }
        return null;
    }

    private void finish() throws NcclException {
        long deadline = System.nanoTime() + settings.abort().toNanos() / 2;
        comm.beginFinalize();
        while (NcclResult.IN_PROGRESS.is(comm.state())) {
            if (System.nanoTime() - deadline >= 0) {
                abortWithin(settings.abort());
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        comm.destroy();
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
