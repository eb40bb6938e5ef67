package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.Rendezvous;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registers the ranks of one group. The first rank that knows the nonce sets the world size. Once all are registered, each is
 * told where rank 0 listens; until each has said that it is linked, a rank that leaves fails the group.
 */
final class RendezvousServer implements Rendezvous, Acceptor.Handler {
    /** The largest group: rank 0 holds a connection for each other rank. */
    static final long MAX_WORLD_SIZE = 1024;

    private static final class Member {
        private final Link link;
        private boolean linked;

        Member(Link link) {
            this.link = link;
        }
    }

    private final Acceptor acceptor;
    private final CommId id;
    private final byte[] nonce;
    private final Map<Long, Member> members = new HashMap<>();
    private long worldSize;
    private InetSocketAddress hub;
    private String failure;

    private RendezvousServer(InetAddress bind) throws IOException {
        acceptor = Acceptor.listen(bind, Handshake.Endpoint.RENDEZVOUS, this);
        id = CommId.create(acceptor.address());
        nonce = id.nonce();
    }

    static RendezvousServer open(InetAddress bind) throws IOException {
        RendezvousServer server = new RendezvousServer(bind);
        server.acceptor.open();
        return server;
    }

    @Override
    public String commId() {
        return id.toHex();
    }

    @Override
    public synchronized Optional<Set<Long>> arrived() {
        return Optional.of(Set.copyOf(members.keySet()));
    }

    @Override
    public void close() {
        fail("the creator of the comm_id has closed the rendezvous");
        acceptor.close();
    }

    @Override
    public void handle(Handshake handshake, Link link) throws IOException {
        Member member = new Member(link);
        String refusal = register(handshake, member);
        if (refusal != null) {
            link.send(new Message.Refused(refusal));
            return;
        }
        boolean linked = false;
        try {
            linked = link.read() instanceof Message.Linked;
        } finally {
            if (linked) {
                linked(member);
            } else {
                fail("rank " + handshake.rank() + " of " + handshake.worldSize()
                        + " has gone before all ranks were linked: its connection to the rendezvous ended");
            }
        }
    }

    /** Registers the rank, or returns why not. */
    private synchronized String register(Handshake handshake, Member member) {
        long rank = handshake.rank();
        long world = handshake.worldSize();
        if (!handshake.knows(nonce)) {
            return "wrong nonce: this rendezvous serves another comm_id";
        }
        if (failure != null) {
            return "this group cannot form any more: " + failure;
        }
        if (world < 1 || world > MAX_WORLD_SIZE) {
            return "a world of " + world + ": it must be 1 to " + MAX_WORLD_SIZE;
        }
        if (rank >= world) {
            return "rank " + rank + " is outside of a world of " + world;
        }
        if (!members.isEmpty() && world != worldSize) {
            return "a world of " + world + ", and the ranks here form a world of " + worldSize;
        }
        if (members.containsKey(rank)) {
            return "rank " + rank + " is taken: another process has claimed it";
        }
        worldSize = world;
        members.put(rank, member);
        if (rank == 0) {
            hub = new InetSocketAddress(member.link.peer().getAddress(), handshake.hubPort());
        }
        send(member, new Message.Joined());
        if (members.size() == worldSize) {
            sendToAll(new Message.Welcome(hub));
        }
        return null;
    }

    private synchronized void linked(Member member) {
        member.linked = true;
        if (members.size() == worldSize && members.values().stream().allMatch(each -> each.linked)) {
            acceptor.close();
        }
    }

    @Override
    public synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            sendToAll(new Message.Failed(reason));
            members.values().forEach(member -> member.link.close());
        }
    }

    private void sendToAll(Message message) {
        for (Member member : members.values()) {
            if (!member.linked) {
                send(member, message);
            }
        }
    }

    private static void send(Member member, Message message) {
        try {
            member.link.send(message);
        } catch (IOException _) {
            // The thread that reads this link sees its end too, and names the rank in the failure.
            return;
        }
    }
}
