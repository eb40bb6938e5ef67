package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.Rendezvous;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the ranks of one group meet. The first rank that knows the nonce sets the world size. Once all seats are taken
 * each rank is told where rank 0 listens; until each has said that it is linked, a rank that leaves fails the group.
 */
final class RendezvousServer implements Rendezvous {
    /** The largest group: rank 0 holds a connection for each other rank. */
    static final long MAX_WORLD_SIZE = 1024;

    private static final class Seat {
        private final Link link;
        private boolean linked;

        Seat(Link link) {
            this.link = link;
        }
    }

    private final Acceptor door;
    private final CommId id;
    private final byte[] nonce;
    private final Map<Long, Seat> seats = new HashMap<>();
    private long worldSize;
    private InetSocketAddress hub;
    private String failure;

    private RendezvousServer(InetAddress bind) throws IOException {
        door = Acceptor.listen(bind, Handshake.Door.MEETING, this::receive);
        id = CommId.create(door.address());
        nonce = id.nonce();
    }

    static RendezvousServer open(InetAddress bind) throws IOException {
        RendezvousServer server = new RendezvousServer(bind);
        server.door.open();
        return server;
    }

    @Override
    public String commId() {
        return id.toHex();
    }

    @Override
    public void close() {
        fail("the maker of the comm_id has closed the meeting");
        door.close();
    }

    private void receive(Handshake greeting, Link link) throws IOException {
        Seat seat = new Seat(link);
        String refusal = seat(greeting, seat);
        if (refusal != null) {
            link.send(new Message.Refused(refusal));
            return;
        }
        boolean linked = false;
        try {
            linked = link.read() instanceof Message.Linked;
        } finally {
            if (linked) {
                linked(seat);
            } else {
                fail("rank " + greeting.rank() + " of " + greeting.worldSize()
                        + " has gone before all ranks were linked: its connection to the rendezvous ended");
            }
        }
    }

    /** Gives the seat, or says why not. */
    private synchronized String seat(Handshake greeting, Seat seat) {
        long rank = greeting.rank();
        long world = greeting.worldSize();
        if (!greeting.knows(nonce)) {
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
        if (!seats.isEmpty() && world != worldSize) {
            return "a world of " + world + ", and the ranks here form a world of " + worldSize;
        }
        if (seats.containsKey(rank)) {
            return "rank " + rank + " is taken: another process has claimed it";
        }
        worldSize = world;
        seats.put(rank, seat);
        if (rank == 0) {
            hub = new InetSocketAddress(seat.link.peer().getAddress(), greeting.hubPort());
        }
        tell(seat, new Message.Joined());
        if (seats.size() == worldSize) {
            tellAll(new Message.Welcome(hub));
        }
        return null;
    }

    private synchronized void linked(Seat seat) {
        seat.linked = true;
        if (seats.size() == worldSize && seats.values().stream().allMatch(each -> each.linked)) {
            door.close();
        }
    }

    private synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            tellAll(new Message.Failed(reason));
            seats.values().forEach(seat -> seat.link.close());
        }
    }

    private void tellAll(Message message) {
        for (Seat seat : seats.values()) {
            if (!seat.linked) {
                tell(seat, message);
            }
        }
    }

    private static void tell(Seat seat, Message message) {
        try {
            seat.link.send(message);
        } catch (IOException _) {
            // The seat's own reader sees the end of this link too, and fails the group by the rank's name.
            return;
        }
    }
}
