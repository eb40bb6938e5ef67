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

/**
 * A rank in a group over NCCL. Every wait in here has a bound, so a call fails in the end whatever the other ranks,
 * NCCL or the driver do. Once a join or a collective has failed the group is gone, and this process cannot join
 * another: NCCL may have left its thread in any state.
 */
final class NcclCommunicator implements Communicator {
    private final RankIdentity identity;
    private final NcclSettings settings;
    private final LibrarySearch search;
    private final RankDescription description;
    private final RankSession session;
    /** On the thread of all calls but {@link #abort} and {@link #close}. */
    private boolean hasJoined;

    NcclCommunicator(RankIdentity identity, NcclSettings settings, LibrarySearch search) {
        this.identity = identity;
        this.settings = settings;
        this.search = search;
        this.description = new RankDescription(identity);
        this.session = new RankSession(identity, settings, description);
    }

    @Override
    public void init(String commId) throws CommunicatorException {
        OpenLibraries libraries = OpenLibraries.open(search);
        if (session.broken().isPresent()) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "this process cannot join a group any more, start a new worker; what broke it: "
                            + session.broken().get());
        }
        if (session.joined().isPresent()) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_ALREADY_INITIALISED,
                    "rank " + identity.rank()
                            + " is in a group already: that one stays, start a new worker to join another");
        }
        UniqueId id = checked(commId);
        session.requireLive(ErrorKind.NCCL_INIT_FAILED);
        NcclGroup group = session.open(libraries);
        session.run("joining", ErrorKind.NCCL_INIT_FAILED, settings.init(), () -> group.join(id));
        hasJoined = true;
    }

    @Override
    public XDeviceInfo device() throws CommunicatorException {
        OpenLibraries libraries = OpenLibraries.open(search);
        session.requireWhole(ErrorKind.NCCL_INIT_FAILED);
        session.requireLive(ErrorKind.NCCL_INIT_FAILED);
        NcclGroup group = session.open(libraries);
        return session.run("asking for the device", ErrorKind.NCCL_INIT_FAILED, settings.init(), group::info);
    }

    @Override
    public XCollectiveResult collective(XCollective asked) throws CommunicatorException, UnsupportedException {
        requireWhole();
        session.requireLive(ErrorKind.NCCL_SANITY_FAILED);
        long world = Math.clamp(identity.worldSize(), 1, Integer.MAX_VALUE);
        CollectiveRequest request = CollectiveRequest.of(asked, (int) world);
        if (!request.collective().isLocal() && session.joined().isEmpty()) {
            throw notJoined();
        }
        NcclGroup group = session.open(OpenLibraries.open(search));
        try {
            return session.runSteps(
                    asked.collective(),
                    ErrorKind.NCCL_SANITY_FAILED,
                    group.stepBound(request),
                    () -> group.collective(request));
        } catch (CommunicatorException e) {
            if (e.getCause() instanceof NcclException.Unsupported unsupported) {
                throw new UnsupportedException(unsupported.getMessage());
            }
            throw e;
        }
    }

    /** A group that broke is gone; an attempt to join that failed counts as none (S4). */
    private void requireWhole() throws CommunicatorException {
        if (hasJoined) {
            session.requireWhole(ErrorKind.NCCL_SANITY_FAILED);
        } else if (session.broken().isPresent()) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_NOT_INITIALISED,
                    "rank " + identity.rank() + " is in no group, and this process cannot join one any more, start a"
                            + " new worker; what broke it: " + session.broken().get());
        }
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
        requireWhole();
        NcclGroup group = session.joined().orElse(null);
        if (group == null) {
            throw notJoined();
        }
        session.requireLive(ErrorKind.NCCL_SANITY_FAILED);
        return session.run(
                "an all-reduce",
                ErrorKind.NCCL_SANITY_FAILED,
                settings.collective(),
                () -> group.allReduceSum((int) value));
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

    @Override
    public String description() {
        return session.joined().isPresent() ? description.describe() : "";
    }

    @Override
    public void abort() {
        session.abort();
    }

    @Override
    public void close() {
        session.close();
    }
}
