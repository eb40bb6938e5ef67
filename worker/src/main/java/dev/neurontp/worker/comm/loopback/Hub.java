package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Rank 0: every other rank links to it, it adds up and sends the sum. It also tells the others when a rank has gone. */
final class Hub implements StarRole, Acceptor.Handler {
    private final LinkGroup group;
    private final CommId id;
    private final Link[] spokes;
    private final boolean[] contributed;
    private final Acceptor acceptor;
    private int linked;
    private int contributions;
    private int sum;
    private int sequence;

    Hub(LinkGroup group, CommId id, int worldSize, InetAddress bind) throws IOException {
        this.group = group;
        this.id = id;
        this.spokes = new Link[worldSize];
        this.contributed = new boolean[worldSize];
        this.acceptor = Acceptor.listen(bind, Handshake.Endpoint.HUB, this);
        // Whatever ends this rank, the others are told the cause, and not only that rank 0 has gone.
        group.onFailure(reason -> sendToAll(new Message.Failed(reason)));
        acceptor.open();
    }

    @Override
    public int port() {
        return acceptor.address().getPort();
    }

    @Override
    public void link(InetSocketAddress hub) throws FailedException {
        group.await(() -> linked == spokes.length - 1);
        acceptor.close();
        sendToAll(new Message.Go());
    }

    @Override
    public int allReduce(int value) throws FailedException {
        synchronized (group) {
            contribute(0, value);
            group.await(() -> contributions == spokes.length);
            Message.Sum result = new Message.Sum(sequence, sum);
            Arrays.fill(contributed, false);
            contributions = 0;
            sum = 0;
            sequence++;
            sendToAll(result);
            group.check();
            return result.sum();
        }
    }

    @Override
    public void close() {
        acceptor.close();
    }

    @Override
    public void fail(String reason) {
        group.fail("rank 0 cannot accept the other ranks: " + reason);
    }

    @Override
    public void handle(Handshake handshake, Link link) throws IOException {
        String refusal = admit(handshake, link);
        if (refusal != null) {
            link.send(new Message.Refused(refusal));
            return;
        }
        int rank = (int) handshake.rank();
        try {
            while (true) {
                Message message = link.read();
                if (message instanceof Message.Failed failed) {
                    group.fail(failed.reason());
                    return;
                }
                if (!(message instanceof Message.Add add)) {
                    throw new IOException("it sent what only rank 0 may send");
                }
                synchronized (group) {
                    if (add.sequence() != sequence || contributed[rank]) {
                        throw new IOException("it is in all-reduce " + add.sequence() + ", rank 0 in " + sequence);
                    }
                    contribute(rank, add.value());
                }
            }
        } catch (IOException e) {
            group.fail(LinkGroup.gone("rank " + rank, e));
        }
    }

    private String admit(Handshake handshake, Link link) {
        synchronized (group) {
            long rank = handshake.rank();
            if (!handshake.knows(id.nonce())) {
                return "wrong nonce: this is rank 0 of another group";
            }
            if (handshake.worldSize() != spokes.length || rank < 1 || rank >= spokes.length) {
                return "rank " + rank + " of " + handshake.worldSize() + " is outside of this world of "
                        + spokes.length;
            }
            if (spokes[(int) rank] != null) {
                return "rank " + rank + " is linked already";
            }
            spokes[(int) rank] = link;
            group.add(link);
            linked++;
            group.notifyAll();
            return null;
        }
    }

    private void contribute(int rank, int value) {
        contributed[rank] = true;
        contributions++;
        sum += value;
        group.notifyAll();
    }

    private void sendToAll(Message message) {
        synchronized (group) {
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
