package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.collective.CheckedRuns;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.collective.UnsupportedException;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** A rank in a group over TCP. A failed init may be tried again with a fresh comm_id; after an abort nothing may. */
final class LoopbackCommunicator implements Communicator {
    /** What a rank of a checked collective may need of memory; it says nothing about bandwidth anyway. */
    private static final long MAX_BYTES = 64L << 20;

    private final RankIdentity identity;
    private final LoopbackSettings settings;
    private volatile LinkGroup group = new LinkGroup();
    private volatile boolean aborted;
    private volatile boolean stuck;
    private StarRole role;

    LoopbackCommunicator(RankIdentity identity, LoopbackSettings settings) {
        this.identity = identity;
        this.settings = settings;
    }

    @Override
    public void init(String commId) throws CommunicatorException {
        if (role != null) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_ALREADY_INITIALISED,
                    "rank " + identity.rank()
                            + " is in a group already: that one stays, start a new worker to join another");
        }
        CommId id;
        try {
            id = CommId.parse(commId);
        } catch (IllegalArgumentException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        }
        long world = identity.worldSize();
        if (world < 1 || world > RendezvousServer.MAX_WORLD_SIZE || identity.rank() >= world) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_INIT_FAILED,
                    "rank " + identity.rank() + " of " + world + " can be in no group: a world has 1 to "
                            + RendezvousServer.MAX_WORLD_SIZE + " ranks, counted from 0");
        }
        LinkGroup fresh = new LinkGroup();
        group = fresh;
        if (aborted) {
            fresh.fail(ownEnd("was aborted"));
        }
        StarRole joining = null;
        try {
            joining = newRole(fresh, id);
            join(fresh, id, joining);
            role = joining;
        } catch (FailedException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        } finally {
            if (role == null && joining != null) {
                joining.close();
            }
        }
    }

    private StarRole newRole(LinkGroup joined, CommId id) throws FailedException {
        if (identity.rank() != 0) {
            return new Spoke(joined, id, identity.rank(), identity.worldSize());
        }
        try {
            return new Hub(joined, id, (int) identity.worldSize(), settings.bind());
        } catch (IOException e) {
            throw joined.failed("rank 0 " + settings.cannotListen(e));
        }
    }

    private void join(LinkGroup joined, CommId id, StarRole joining) throws FailedException {
        joined.check();
        Handshake handshake = new Handshake(
                Handshake.Endpoint.RENDEZVOUS, id.nonce(), identity.rank(), identity.worldSize(), joining.port());
        RendezvousClient rendezvous = RendezvousClient.join(joined, id, handshake);
        injectFault(joined, Fault.Point.INIT);
        joining.link(rendezvous.awaitAll());
        rendezvous.leave();
    }

    @Override
    public long allReduceSum(long value) throws CommunicatorException {
        U32.require("value", value);
        if (role == null) {
            throw notJoined();
        }
        try {
            group.check();
            injectFault(group, Fault.Point.ALL_REDUCE);
            return Integer.toUnsignedLong(role.allReduce((int) value));
        } catch (FailedException e) {
            throw new CommunicatorException(ErrorKind.NCCL_SANITY_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public XDeviceInfo device() {
        return new XDeviceInfo(
                HostFacts.hostName(),
                HostFacts.bootId(),
                LoopbackProvider.NAME,
                true,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                "");
    }

    @Override
    public XCollectiveResult collective(XCollective asked) throws CommunicatorException, UnsupportedException {
        if (role == null) {
            throw notJoined();
        }
        CollectiveRequest request = CollectiveRequest.of(asked, (int) identity.worldSize());
        if (request.collective().isLocal()) {
            throw new UnsupportedException(
                    asked.collective() + " needs a GPU: the loopback communicator has no device memory");
        }
        long largest = Layout.largestBytes(request);
        if (largest > MAX_BYTES) {
            throw new UnsupportedException("a rank of this collective needs " + largest
                    + " bytes: over loopback at most " + MAX_BYTES + " are taken");
        }
        Fault.Action fault = settings.fault().actionFor(identity.rank(), Fault.Point.COLLECTIVE);
        WaitBound bound = asked.timeoutMs() == 0 ? WaitBound.NONE : WaitBound.of(asked.collective(), asked.timeoutMs());
        try {
            group.check();
            if (!fault.changesData()) {
                injectFault(group, Fault.Point.COLLECTIVE);
            }
            Layout layout = Layout.of(request, (int) identity.rank());
            LoopbackMedium medium = new LoopbackMedium(layout, role, fault, bound);
            return new CheckedRuns<>(layout, medium, ByteBuffer.allocate(CheckedRuns.PIECE_BYTES)).run();
        } catch (FailedException e) {
            throw new CommunicatorException(ErrorKind.NCCL_SANITY_FAILED, e.getMessage(), e);
        }
    }

    private CommunicatorException notJoined() {
        return new CommunicatorException(
                ErrorKind.NCCL_NOT_INITIALISED, "rank " + identity.rank() + " is in no group yet: init comes first");
    }

    @Override
    public void abort() {
        while (stuck) {
            LockSupport.park(this);
        }
        aborted = true;
        group.fail(ownEnd("was aborted"));
    }

    @Override
    public void close() {
        while (stuck) {
            LockSupport.park(this);
        }
        group.fail(ownEnd("has gone: it left the group"));
    }

    private String ownEnd(String how) {
        return "rank " + identity.rank() + " " + how;
    }

    private void injectFault(LinkGroup joined, Fault.Point point) throws FailedException {
        switch (settings.fault().actionFor(identity.rank(), point)) {
            case NOTHING -> {}
            case HANG -> joined.await(() -> false);
            case STUCK -> {
                stuck = true;
                joined.await(() -> false);
            }
            case DIE -> Runtime.getRuntime().halt(Fault.EXIT_CODE);
            case CORRUPT, SHORT, SWAP, SKIP -> throw new IllegalStateException("data is changed where it is");
        }
    }
}
