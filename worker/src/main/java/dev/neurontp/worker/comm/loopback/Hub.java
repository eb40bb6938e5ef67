package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Rank 0: every other rank links to it, it adds up and tells the sum. It also tells the others of a rank's death. */
final class Hub implements StarRole {
    private final LinkGroup membership;
    private final CommId id;
    private final Link[] spokes;
    private final boolean[] contributed;
    private final Acceptor door;
    private int linked;
    private int contributions;
    private int sum;
    private int sequence;

    Hub(LinkGroup membership, CommId id, int worldSize, InetAddress bind) throws IOException {
        this.membership = membership;
        this.id = id;
        this.spokes = new Link[worldSize];
        this.contributed = new boolean[worldSize];
        this.door = Acceptor.listen(bind, Handshake.Door.HUB, this::receive);
        // Whatever ends this rank's part, the others hear the cause and not only that rank 0 has gone.
        membership.onFailure(reason -> tellAll(new Message.Failed(reason)));
        door.open();
    }

    @Override
    public int port() {
        return door.address().getPort();
    }

    @Override
    public void link(InetSocketAddress hub) throws FailedException {
        membership.await(() -> linked == spokes.length - 1);
        door.close();
        tellAll(new Message.Go());
    }

    @Override
    public int allReduce(int value) throws FailedException {
        synchronized (membership) {
            contribute(0, value);
            membership.await(() -> contributions == spokes.length);
            Message.Sum result = new Message.Sum(sequence, sum);
            Arrays.fill(contributed, false);
            contributions = 0;
            sum = 0;
            sequence++;
            tellAll(result);
            membership.check();
            return result.sum();
        }
    }

    @Override
    public void close() {
        door.close();
    }

    private void receive(Handshake greeting, Link link) throws IOException {
        String refusal = take(greeting, link);
        if (refusal != null) {
            link.send(new Message.Refused(refusal));
            return;
        }
        int rank = (int) greeting.rank();
        try {
            while (true) {
                Message message = link.read();
                if (message instanceof Message.Failed failed) {
                    membership.fail(failed.reason());
                    return;
                }
                if (!(message instanceof Message.Add add)) {
                    throw new IOException("it sent what only rank 0 may send");
                }
                synchronized (membership) {
                    if (add.sequence() != sequence || contributed[rank]) {
                        throw new IOException("it is in all-reduce " + add.sequence() + ", rank 0 in " + sequence);
                    }
                    contribute(rank, add.value());
                }
            }
        } catch (IOException e) {
            membership.fail(LinkGroup.gone("rank " + rank, e));
        }
    }

    private String take(Handshake greeting, Link link) {
        synchronized (membership) {
            long rank = greeting.rank();
            if (!greeting.knows(id.nonce())) {
                return "wrong nonce: this is rank 0 of another group";
            }
            if (greeting.worldSize() != spokes.length || rank < 1 || rank >= spokes.length) {
                return "rank " + rank + " of " + greeting.worldSize() + " is none of this world of " + spokes.length;
            }
            if (spokes[(int) rank] != null) {
                return "rank " + rank + " is linked already";
            }
            spokes[(int) rank] = link;
            membership.add(link);
            linked++;
            membership.notifyAll();
            return null;
        }
    }

    private void contribute(int rank, int value) {
        contributed[rank] = true;
        contributions++;
        sum += value;
        membership.notifyAll();
    }

    private void tellAll(Message message) {
        synchronized (membership) {
            for (Link spoke : spokes) {
                try {
                    if (spoke != null) {
                        spoke.send(message);
                    }
                } catch (IOException _) {
                    // Its reader sees the end of this link too, and says which rank it was.
                }
            }
        }
    }
}
