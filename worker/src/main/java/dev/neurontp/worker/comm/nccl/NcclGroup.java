package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.CheckedRuns;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.HardExit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One attempt to be in a group, from the device to the communicator. All methods but {@link #abortWithin} are called on the
 * rank's thread.
 */
final class NcclGroup {
    /** For the answer of NCCL's RAS port, after a failure. */
    static final Duration RAS_BOUND = Duration.ofSeconds(2);

    private static final long LOOK_NANOS = 1_000_000;
    /** What a rank that cannot take part adds instead of 1: more than there are ranks in a pool. */
    private static final int REFUSES = 1 << 16;

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
        this.abort = new BoundedAbort(comm, identity.rank());
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
        long deadline =
                System.nanoTime() + Duration.ofMillis(request.timeoutMs()).toNanos();
        boolean local = request.collective().isLocal();
        String call = local ? request.collective().wireName() : NcclCollectives.function(request.collective());
        Supplier<PollingWait> waits = () -> waitFor(call, bound(request, deadline));
        try {
            openDevice();
            Layout layout = Layout.of(request, (int) identity.rank());
            thread.begin("taking memory for " + request.collective().wireName());
            agree(request, new DeviceLimits(libraries, device).refusal(layout));
            NcclCollectives functions = new NcclCollectives(libraries.nccl());
            if (!local) {
                functions.require(request.collective());
            }
            CudaBuffers buffers = CudaBuffers.allocate(layout);
            DeviceWork work = local
                    ? new LocalWork(request.collective(), waits)
                    : new CollectiveWork(
                            layout, buffers, comm, functions, device.streamAddress(), this::barrier, waits);
            CudaMedium medium = new CudaMedium(layout, buffers, device, work, thread, libraries.areSimulated());
            XCollectiveResult result =
                    new CheckedRuns<>(layout, medium, ByteBuffer.allocate(CheckedRuns.PIECE_BYTES)).run();
            // Only now: after a failure the device may still work on them, and giving them back would wait for that.
            buffers.close();
            return result;
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
        Duration asked = Duration.ofMillis(request.timeoutMs());
        return asked.isZero() || asked.compareTo(settings.collective()) > 0 ? settings.collective() : asked;
    }

    private Duration bound(CollectiveRequest request, long deadline) {
        Duration own = settings.collective();
        if (request.timeoutMs() == 0) {
            return own;
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        return left.compareTo(own) < 0 ? left : own;
    }

    /**
     * Where one rank may refuse and another not, all hear of it before one of them waits for the others in vain. Whether they
     * ask each other depends on the request alone.
     */
    private void agree(CollectiveRequest request, Optional<String> refusal) throws NcclException {
        if (!request.collective().isLocal() && DeviceLimits.differByRank(request)) {
            long sum = allReduceSum(refusal.isEmpty() ? 1 : REFUSES);
            if (sum != identity.worldSize() && refusal.isEmpty()) {
                if (sum % REFUSES + sum / REFUSES != identity.worldSize()) {
                    throw new NcclException("the ranks asked each other whether all of them can do it, and the sum was "
                            + sum + ": no mixture of " + identity.worldSize() + " answers");
                }
                throw new NcclException.Unsupported(sum / REFUSES + " other ranks cannot do it");
            }
        }
        if (refusal.isPresent()) {
            throw new NcclException.Unsupported(refusal.get());
        }
    }

    private void barrier() throws NcclException {
        long sum = allReduceSum(1);
        if (sum != identity.worldSize()) {
            throw new NcclException("all ranks met before the measured runs, and the sum of 1 was " + sum + " of "
                    + identity.worldSize());
        }
    }

    long allReduceSum(int value) throws NcclException {
        PollingWait wait = waitFor("ncclAllReduce", settings.collective());
        try {
            thread.begin("an all-reduce over all ranks (ncclAllReduce)");
            device.load(value);
            comm.allReduceSum(device);
            awaitComm(wait);
            while (!device.isIdle()) {
                requireHealthy(wait);
                wait.pause();
            }
            requireHealthy(wait);
            return Integer.toUnsignedLong(device.received());
        } catch (NcclException e) {
            throw lost(e);
        } finally {
            thread.begin("nothing");
        }
    }

    private PollingWait waitFor(String call, Duration bound) {
        return new PollingWait(call, bound, identity.rank(), thread, aborted);
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
        broken = true;
        joined = false;
        HardExit.ifExitTakesLonger(BoundedAbort.EXIT_SECONDS);
        StringBuilder message = new StringBuilder(e.getMessage());
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
        abort.awaitHanging();
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
            LockSupport.parkNanos(LOOK_NANOS);
        }
        comm.destroy();
    }
}
