package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.HardExit;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One attempt to be in a group, from the device to the communicator. All methods but {@link #abortWithin} are called on the
 * rank's thread.
 */
final class NcclGroup {
    /** For the answer of NCCL's RAS port, after a failure. */
    static final Duration RAS_BOUND = Duration.ofSeconds(2);

    private static final long LOOK_NANOS = 1_000_000;

    private final RankIdentity identity;
    private final NcclSettings settings;
    private final RankDescription description;
    private final RankThread thread;
    private final BooleanSupplier aborted;
    private final NcclComm comm;
    private final BoundedAbort abort;
    private final OpenLibraries libraries;
    private CudaDevice device;
    private boolean begun;
    private volatile boolean joined;
    private volatile boolean broken;

    NcclGroup(
            RankIdentity identity,
            NcclSettings settings,
            RankDescription description,
            OpenLibraries libraries,
            RankThread thread,
            BooleanSupplier aborted) {
        this.identity = identity;
        this.settings = settings;
        this.description = description;
        this.libraries = libraries;
        this.thread = thread;
        this.aborted = aborted;
        this.comm = new NcclComm(libraries.nccl());
        this.abort = new BoundedAbort(comm::abort, identity.rank());
    }

    /** On any thread. */
    boolean isJoined() {
        return joined;
    }

    /** Whether NCCL was already called when it failed; before that, another attempt can succeed. On any thread. */
    boolean isBroken() {
        return broken;
    }

    Void join(UniqueId id) throws NcclException {
        PollingWait wait = waitFor("ncclCommInitRankConfig", settings.init());
        try {
            openDevice();
            thread.begin("waiting for all ranks to join (ncclCommInitRankConfig)");
            begun = true;
            comm.join((int) identity.worldSize(), id, (int) identity.rank());
            awaitComm(wait);
            joined = true;
            return null;
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            if (!joined && !broken && device != null) {
                device.close();
                device = null;
            }
            thread.begin("nothing");
        }
    }

    private void openDevice() throws NcclException {
        if (device != null) {
            return;
        }
        description.found(libraries);
        thread.begin("initialising the CUDA driver");
        CudaDriver.initialise();
        description.foundDriver(CudaDriver.version());
        thread.begin("opening CUDA device " + identity.cudaDevice());
        device = CudaDevice.open(identity.cudaDevice());
        description.found(device);
    }

    /** Which device and libraries this rank uses. */
    XDeviceInfo info() throws NcclException {
        openDevice();
        thread.begin("asking the driver what the device is");
        XDeviceInfo info = DeviceFacts.of(device, identity.cudaDevice(), libraries);
        thread.begin("nothing");
        return info;
    }

    /** Runs what is asked, every element checked. */
    XCollectiveResult collective(CollectiveRequest request) throws NcclException {
        try {
            openDevice();
            return new GroupRequest(this, identity, settings, libraries, device, thread, comm, request).run();
        } catch (NcclException.Unsupported e) {
            throw e;
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            thread.begin("nothing");
        }
    }

    /** How long one step of a request may take: the request's bound, where the rank's own is not shorter. */
    Duration stepBound(CollectiveRequest request) {
        return GroupRequest.stepBound(request, settings);
    }

    long allReduceSum(int value) throws NcclException {
        PollingWait wait = waitFor("ncclAllReduce", settings.collective());
        try {
            thread.begin("an all-reduce over all ranks (ncclAllReduce)");
            device.load(value);
            comm.allReduceSum(device);
            awaitComm(wait);
            comm.entered();
            while (!device.isIdle()) {
                requireHealthy(wait);
                wait.pause();
            }
            requireHealthy(wait);
            comm.finished();
            return Integer.toUnsignedLong(device.received());
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            thread.begin("nothing");
        }
    }

    private PollingWait waitFor(String call, Duration bound) {
        return waitFor(call, PollingWait.For.OTHER_RANKS, bound);
    }

    PollingWait waitFor(String call, PollingWait.For what, Duration bound) {
        return new PollingWait(call, what, bound, identity.rank(), thread, aborted);
    }

    private void awaitComm(PollingWait wait) throws NcclException {
        while (requireHealthy(wait)) {
            wait.pause();
        }
    }

    /** Whether NCCL still works at something. */
    private boolean requireHealthy(PollingWait wait) throws NcclException {
        int state = comm.state();
        if (NcclResult.IN_PROGRESS.is(state)) {
            return true;
        }
        if (!NcclResult.SUCCESS.is(state)) {
            throw comm.failure(wait.call(), state);
        }
        return false;
    }

    /** Aborts the group after a failure and completes its message. */
    private NcclException lost(NcclException e) {
        if (!begun) {
            return e;
        }
        boolean wasJoined = joined;
        broken = true;
        joined = false;
        HardExit.ifExitTakesLonger(BoundedAbort.EXIT_SECONDS);
        StringBuilder message = new StringBuilder(e.getMessage());
        if (wasJoined) {
            message.append("; it ").append(comm.progress().words());
        }
        if (e instanceof NcclException.OutOfTime) {
            Optional<String> ras = RasReport.ask(settings.ras(), RAS_BOUND);
            message.append("; NCCL's RAS port ").append(settings.ras());
            message.append(ras.map(text -> " says: " + text).orElse(" does not answer"));
        }
        thread.begin("aborting (ncclCommAbort)");
        abort.within(settings.abort()).ifPresent(problem -> message.append("; ").append(problem));
        return new NcclException(message.toString());
    }

    /** Aborts NCCL's current work; returns why, if that did not end within the bound. Any thread may call. */
    Optional<String> abortWithin(Duration bound) {
        return abort.within(bound);
    }

    /**
     * Leaves the group and releases the device. May hang: the caller bounds it, and ends a process that cannot leave by
     * {@code _exit}.
     */
    Void leave() throws NcclException {
        thread.begin("leaving the group (ncclCommFinalize, ncclCommDestroy)");
        abort.awaitEnd();
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
        long deadline = thread.nanos() + settings.abort().toNanos() / 2;
        comm.beginFinalize();
        while (NcclResult.IN_PROGRESS.is(comm.state())) {
            if (thread.nanos() - deadline >= 0) {
                abortWithin(settings.abort());
                abort.awaitEnd();
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        comm.destroy();
    }
}
