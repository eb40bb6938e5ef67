package dev.neurontp.worker.comm.nccl;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.UnsupportedException;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.library.LibrarySearch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A rank in a group over NCCL. Every wait in here has a bound, so a call fails in the end whatever the other ranks,
 * NCCL or the driver do. Once a join or a collective has failed the group is gone, and this process cannot join
 * another: NCCL may have left its thread in any state.
 */
final class NcclCommunicator implements Communicator {
    /** After its own deadline a call asks the RAS port, aborts and returns; what takes longer is stuck. */
    private static final Duration RETURN_BOUND = Duration.ofSeconds(1);

    private static final Duration ABORT_NOTICE = Duration.ofMillis(500);

    /** A rank's thread and what runs on it. */
    private record Session(RankThread thread, InterruptionNotice notice, NcclGroup group) {}

    private final RankIdentity identity;
    private final NcclSettings settings;
    private final LibrarySearch search;
    private final RankDescription description;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Session session;
    private volatile boolean aborted;
    private volatile String broken;

    NcclCommunicator(RankIdentity identity, NcclSettings settings, LibrarySearch search) {
        this.identity = identity;
        this.settings = settings;
        this.search = search;
        this.description = new RankDescription(identity);
    }

    @Override
    public void init(String commId) throws CommunicatorException {
        OpenLibraries libraries = OpenLibraries.open(search);
        if (broken != null) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "this process cannot join a group any more, start a new worker; what broke it: " + broken);
        }
        if (isJoined()) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_ALREADY_INITIALISED,
                    "rank " + identity.rank()
                            + " is in a group already: that one stays, start a new worker to join another");
        }
        UniqueId id = checked(commId);
        requireLive(ErrorKind.NCCL_INIT_FAILED);
        NcclGroup group = opened(libraries).group;
        onThread("joining", ErrorKind.NCCL_INIT_FAILED, settings.init(), () -> group.join(id));
    }

    /** The session of this process; a group that has not begun to join can be used again. */
    private Session opened(OpenLibraries libraries) throws CommunicatorException {
        Session current = session;
        if (current == null) {
            RankThread thread = NcclProvider.start("nccl-rank-" + identity.rank());
            NcclGroup group = new NcclGroup(identity, settings, description, libraries, thread, () -> aborted);
            current = new Session(thread, new InterruptionNotice(identity, thread), group);
            session = current;
        }
        return current;
    }

    @Override
    public XDeviceInfo device() throws CommunicatorException {
        OpenLibraries libraries = OpenLibraries.open(search);
        requireWhole(ErrorKind.NCCL_INIT_FAILED);
        NcclGroup group = opened(libraries).group;
        return onThread("asking for the device", ErrorKind.NCCL_INIT_FAILED, settings.init(), group::info);
    }

    @Override
    public XCollectiveResult collective(XCollective asked) throws CommunicatorException, UnsupportedException {
        requireWhole(ErrorKind.NCCL_SANITY_FAILED);
        long world = Math.clamp(identity.worldSize(), 1, Integer.MAX_VALUE);
        CollectiveRequest request = CollectiveRequest.of(asked, (int) world);
        if (!request.collective().isLocal() && !isJoined()) {
            throw notJoined();
        }
        Session current = opened(OpenLibraries.open(search));
        try {
            return onThread(
                    asked.collective(),
                    ErrorKind.NCCL_SANITY_FAILED,
                    bound -> current.thread.runSteps(() -> current.group.collective(request), bound),
                    current.group.stepBound(request));
        } catch (CommunicatorException e) {
            if (e.getCause() instanceof NcclException.Unsupported unsupported) {
                throw new UnsupportedException(unsupported.getMessage());
            }
            throw e;
        }
    }

    private void requireWhole(ErrorKind kind) throws CommunicatorException {
        if (broken != null) {
            throw new CommunicatorException(kind, "the group of rank " + identity.rank() + " is gone: " + broken);
        }
        requireLive(kind);
    }

    private boolean isJoined() {
        Session current = session;
        return current != null && current.group.isJoined();
    }

    private UniqueId checked(String commId) throws CommunicatorException {
        long world = identity.worldSize();
        if (world < 1 || world > Integer.MAX_VALUE || identity.rank() >= world) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "rank " + identity.rank() + " of " + world + " can be in no group: a world has 1 to "
                            + Integer.MAX_VALUE + " ranks, counted from 0");
        }
        try {
            return UniqueId.parse(commId);
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public long allReduceSum(long value) throws CommunicatorException {
        U32.require("value", value);
        if (broken != null) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_SANITY_FAILED, "the group of rank " + identity.rank() + " is gone: " + broken);
        }
        if (!isJoined()) {
            throw notJoined();
        }
        requireLive(ErrorKind.NCCL_SANITY_FAILED);
        return onThread(
                "an all-reduce",
                ErrorKind.NCCL_SANITY_FAILED,
                settings.collective(),
                () -> session.group.allReduceSum((int) value));
    }

    private void requireLive(ErrorKind kind) throws CommunicatorException {
        if (aborted) {
            throw new CommunicatorException(kind, "rank " + identity.rank() + " was aborted by its leader");
        }
    }

    /** A host that cannot do NCCL at all says so, rather than that it was not asked yet (S2, S4). */
    private CommunicatorException notJoined() {
        try {
            OpenLibraries.open(search);
        } catch (CommunicatorException e) {
            if (e.kind() == ErrorKind.CUDA_FEATURE_NOT_ENABLED) {
                return e;
            }
        }
        return new CommunicatorException(
                ErrorKind.NCCL_NOT_INITIALISED, "rank " + identity.rank() + " is in no group yet: init comes first");
    }

    /** A run on the rank's thread that ends within a bound. */
    @FunctionalInterface
    private interface BoundedWork<T> {
        T run(Duration bound) throws NcclException, TimeoutException;
    }

    private <T> T onThread(String what, ErrorKind kind, Duration deadline, Callable<T> work)
            throws CommunicatorException {
        return onThread(what, kind, bound -> session.thread.run(work, bound), deadline);
    }

    private <T> T onThread(String what, ErrorKind kind, BoundedWork<T> work, Duration deadline)
            throws CommunicatorException {
        Session current = session;
        try {
            return work.run(
                    deadline.plus(NcclGroup.RAS_BOUND).plus(settings.abort()).plus(RETURN_BOUND));
        } catch (TimeoutException e) {
            String doing = current.thread.describe();
            Optional<String> problem = current.group.abortWithin(settings.abort());
            broken = what + " failed: rank " + identity.rank() + " is stuck in a native call: " + doing
                    + "; " + problem.orElse("it was aborted") + ". "
                    + description.describe();
            throw lost(kind, e);
        } catch (NcclException e) {
            String account = what + " failed: " + e.getMessage() + ". " + description.describe();
            if (!current.group.isBroken()) {
                throw new CommunicatorException(kind, account, e);
            }
            broken = account;
            throw lost(kind, e);
        }
    }

    private CommunicatorException lost(ErrorKind kind, Exception cause) {
        return new CommunicatorException(kind, broken + ". This process cannot join again: start a new worker", cause);
    }

    @Override
    public String description() {
        return isJoined() ? description.describe() : "";
    }

    @Override
    public void abort() {
        aborted = true;
        Session current = session;
        if (current == null) {
            return;
        }
        current.thread.wake();
        // A wait notices by itself. A native call that does not return is ended from here, or not at all.
        if (!current.thread.isIdleWithin(ABORT_NOTICE)) {
            current.group.abortWithin(settings.abort());
        }
    }

    @Override
    public void close() {
        aborted = true;
        Session current = session;
        if (current == null || !closed.compareAndSet(false, true)) {
            return;
        }
        current.thread.wake();
        current.notice.close();
        try {
            current.thread.run(current.group::leave, settings.abort());
        } catch (TimeoutException | NcclException e) {
            broken = "leaving the group failed: " + e.getMessage();
        }
        current.thread.end();
    }
}
