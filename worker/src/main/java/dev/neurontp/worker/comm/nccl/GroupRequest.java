package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.collective.CheckedRuns;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** One {@code x_collective} of a rank over NCCL, from its memory to its result. For the rank's thread. */
final class GroupRequest {
    /** What a rank that cannot take part adds instead of 1: more than there are ranks in a pool. */
    private static final int REFUSES = 1 << 16;

    private final NcclGroup group;
    private final RankIdentity identity;
    private final NcclSettings settings;
    private final OpenLibraries libraries;
    private final CudaDevice device;
    private final RankThread thread;
    private final NcclComm comm;
    private final CollectiveRequest request;
    private final boolean local;
    private final String call;
    private final long deadline;
    private String meeting = "";

    /** The time of the request runs from now on. */
    GroupRequest(
            NcclGroup group,
            RankIdentity identity,
            NcclSettings settings,
            OpenLibraries libraries,
            CudaDevice device,
            RankThread thread,
            NcclComm comm,
            CollectiveRequest request) {
        this.group = group;
        this.identity = identity;
        this.settings = settings;
        this.libraries = libraries;
        this.device = device;
        this.thread = thread;
        this.comm = comm;
        this.request = request;
        this.local = request.collective().isLocal();
        this.call = local ? request.collective().wireName() : NcclCollectives.function(request.collective());
        this.deadline = thread.nanos() + Duration.ofMillis(request.timeoutMs()).toNanos();
    }

    /** How long one step of it may take: the request's bound, where the rank's own is not shorter. */
    static Duration stepBound(CollectiveRequest request, NcclSettings settings) {
        Duration asked = Duration.ofMillis(request.timeoutMs());
        return asked.isZero() || asked.compareTo(settings.collective()) > 0 ? settings.collective() : asked;
    }

    XCollectiveResult run() throws NcclException {
        Layout layout = Layout.of(request, (int) identity.rank());
        thread.begin("taking memory for " + request.collective().wireName());
        agree(new DeviceLimits(libraries, device).refusal(layout));
        NcclCollectives functions = new NcclCollectives(libraries.nccl());
        if (!local) {
            functions.require(request.collective());
        }
        Supplier<PollingWait> own = () -> wait(PollingWait.For.OWN_DEVICE);
        CudaBuffers buffers = CudaBuffers.allocate(layout);
        DeviceWork work = local
                ? new LocalWork(request.collective(), own)
                : new CollectiveWork(
                        layout,
                        buffers,
                        comm,
                        functions,
                        device.streamAddress(),
                        this::barrier,
                        () -> wait(PollingWait.For.OTHER_RANKS));
        CudaMedium medium =
                new CudaMedium(layout, buffers, device, work, thread, own, libraries.areSimulated(), module(layout));
        XCollectiveResult result =
                new CheckedRuns<>(layout, medium, ByteBuffer.allocate(CheckedRuns.PIECE_BYTES)).run();
        // Only now: after a failure the device may still work on them, and giving them back would wait for that.
        buffers.close();
        return meeting.isEmpty() ? result : withMeeting(result);
    }

    /** What fills and checks on the device; empty where the host does it. */
    private Optional<PatternModule> module(Layout layout) {
        if (!settings.deviceCheck().isFor(layout)) {
            return Optional.empty();
        }
        thread.begin("loading the kernels that fill and check memory (cuModuleLoadData)");
        return device.patternModule();
    }

    /** The ranks have met, so the group works; that the sum was wrong is a finding like any other wrong element. */
    private XCollectiveResult withMeeting(XCollectiveResult result) {
        return new XCollectiveResult(
                result.checked(),
                result.wrong() + 1,
                result.firstIndex(),
                result.expected(),
                result.got(),
                result.cause().isEmpty() ? meeting : result.cause(),
                result.wrongFrom(),
                result.device(),
                result.wall(),
                result.arrivedNs(),
                result.simulated());
    }

    private PollingWait wait(PollingWait.For what) {
        return group.waitFor(call, what, bound());
    }

    private Duration bound() {
        Duration own = settings.collective();
        if (request.timeoutMs() == 0) {
            return own;
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline - thread.nanos()));
        return left.compareTo(own) < 0 ? left : own;
    }

    /**
     * Where one rank may refuse and another not, all hear of it before one of them waits for the others in vain. Whether they
     * ask each other depends on the request alone.
     */
    private void agree(Optional<String> refusal) throws NcclException {
        if (!local && DeviceLimits.differByRank(request)) {
            long sum = group.allReduceSum(refusal.isEmpty() ? 1 : REFUSES);
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
        long sum = group.allReduceSum(1);
        if (sum != identity.worldSize()) {
            meeting = "all ranks met before the measured runs, and the sum of 1 over them was " + sum + ", not "
                    + identity.worldSize();
        }
    }
}
