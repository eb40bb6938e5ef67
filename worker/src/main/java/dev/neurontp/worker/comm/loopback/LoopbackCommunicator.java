package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.U32;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** A rank's seat in a group over TCP. A failed init may be tried again with a fresh comm_id; after an abort nothing may. */
final class LoopbackCommunicator implements Communicator {
    private final RankIdentity identity;
    private final LoopbackSettings settings;
    private volatile LinkGroup membership = new LinkGroup();
    private volatile boolean aborted;
    private volatile boolean stuck;
    private StarRole group;

    LoopbackCommunicator(RankIdentity identity, LoopbackSettings settings) {
        this.identity = identity;
        this.settings = settings;
    }

    @Override
    public void init(String commId) throws CommunicatorException {
        if (group != null) {
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
        membership = fresh;
        if (aborted) {
            fresh.fail(ownEnd("was aborted"));
        }
        StarRole joining = null;
        try {
            joining = newGroup(fresh, id);
            join(fresh, id, joining);
            group = joining;
        } catch (FailedException e) {
            throw new CommunicatorException(ErrorKind.NCCL_INIT_FAILED, e.getMessage(), e);
        } finally {
            if (group == null && joining != null) {
                joining.close();
            }
        }
    }

    private StarRole newGroup(LinkGroup members, CommId id) throws FailedException {
        if (identity.rank() != 0) {
            return new Spoke(members, id, identity.rank(), identity.worldSize());
        }
        try {
            return new Hub(members, id, (int) identity.worldSize(), settings.bind());
        } catch (IOException e) {
            throw members.failed("rank 0 cannot listen on " + settings.bind().getHostAddress() + " ("
                    + LoopbackSettings.BIND + "): " + e.getMessage());
        }
    }

    private void join(LinkGroup members, CommId id, StarRole joining) throws FailedException {
        members.check();
        Handshake greeting = new Handshake(
                Handshake.Door.MEETING, id.nonce(), identity.rank(), identity.worldSize(), joining.port());
        RendezvousClient meeting = RendezvousClient.join(members, id, greeting);
        strike(members, Fault.Point.INIT);
        joining.link(meeting.awaitAll());
        meeting.leave();
    }

    @Override
    public long allReduceSum(long value) throws CommunicatorException {
        U32.require("value", value);
        if (group == null) {
            throw new CommunicatorException(
                    ErrorKind.NCCL_NOT_INITIALISED,
                    "rank " + identity.rank() + " is in no group yet: init comes first");
        }
        try {
            membership.check();
            strike(membership, Fault.Point.ALL_REDUCE);
            return Integer.toUnsignedLong(group.allReduce((int) value));
        } catch (FailedException e) {
            throw new CommunicatorException(ErrorKind.NCCL_SANITY_FAILED, e.getMessage(), e);
        }
    }

    @Override
    public void abort() {
        while (stuck) {
            LockSupport.park(this);
        }
        aborted = true;
        membership.fail(ownEnd("was aborted"));
    }

    @Override
    public void close() {
        while (stuck) {
            LockSupport.park(this);
        }
        membership.fail(ownEnd("has gone: it left the group"));
    }

    private String ownEnd(String how) {
        return "rank " + identity.rank() + " " + how;
    }

    private void strike(LinkGroup members, Fault.Point point) throws FailedException {
        switch (settings.fault().actionFor(identity.rank(), point)) {
            case NOTHING -> {}
            case HANG -> members.await(() -> false);
            case STUCK -> {
                stuck = true;
                members.await(() -> false);
            }
            case DIE -> Runtime.getRuntime().halt(Fault.EXIT_CODE);
        }
    }
}
