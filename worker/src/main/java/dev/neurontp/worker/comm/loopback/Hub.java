package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Rank 0: every other rank links to it, it adds up and sends the sum. It also tells the others when a rank has gone. */
final class Hub implements StarRole, Acceptor.Handler {
    private static final int MAX_MISSING_CHARS = 200;

    private final LinkGroup group;
    private final CommId id;
    private final Link[] spokes;
    private final Message[] contributed;
    private final Acceptor acceptor;
    private int linked;
    private int contributions;
    private int sequence;

    Hub(LinkGroup group, CommId id, int worldSize, InetAddress bind) throws IOException {
        this.group = group;
        this.id = id;
        this.spokes = new Link[worldSize];
        this.contributed = new Message[worldSize];
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
            contribute(0, new Message.Add(sequence, value));
            group.await(() -> contributions == spokes.length);
            int sum = 0;
            for (int rank = 0; rank < spokes.length; rank++) {
                sum += contribution(rank, Message.Add.class).value();
            }
            Message.Sum result = new Message.Sum(sequence, sum);
            next();
            sendToAll(result);
            group.check();
            return result.sum();
        }
    }

    @Override
    public byte[] exchange(byte[] slices, RelayRound round, WaitBound bound) throws FailedException {
        synchronized (group) {
            contribute(0, new Message.Data(sequence, slices));
            group.await(() -> contributions == spokes.length, bound, this::missing);
            byte[][] sent = new byte[spokes.length][];
            for (int rank = 0; rank < spokes.length; rank++) {
                sent[rank] = contribution(rank, Message.Data.class).bytes();
                int whole = round.slicesSent(rank) * round.bytes();
                if (sent[rank].length != whole && sent[rank].length != 0) {
                    throw group.failed("rank " + rank + " sent " + sent[rank].length + " bytes where rank 0's "
                            + round.request().collective().wireName() + " has " + whole);
                }
                if (sent[rank].length == 0 && !round.request().collective().reduces()) {
                    sent[rank] = new byte[whole];
                }
            }
            int current = sequence;
            next();
            for (int rank = 1; rank < spokes.length; rank++) {
                send(rank, new Message.Data(current, round.received(rank, sent)));
            }
            group.check();
            return round.received(0, sent);
        }
    }

    private String missing() {
        StringBuilder ranks = new StringBuilder();
        for (int rank = 0; rank < contributed.length && ranks.length() < MAX_MISSING_CHARS; rank++) {
            if (contributed[rank] == null) {
                ranks.append(ranks.isEmpty() ? ": nothing came from rank " : ", ")
                        .append(rank);
            }
        }
        return ranks.toString();
    }

    private <T extends Message> T contribution(int rank, Class<T> expected) throws FailedException {
        if (!expected.isInstance(contributed[rank])) {
            throw group.failed("rank " + rank + " is in another collective than rank 0");
        }
        return expected.cast(contributed[rank]);
    }

    private void next() {
        Arrays.fill(contributed, null);
        contributions = 0;
        sequence++;
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
                int at = switch (message) {
                    case Message.Add add -> add.sequence();
                    case Message.Data data -> data.sequence();
                    default -> throw new IOException("it sent what only rank 0 may send");
                };
                synchronized (group) {
                    if (at != sequence || contributed[rank] != null) {
                        throw new IOException("it is in all-reduce " + at + ", rank 0 in " + sequence);
                    }
                    contribute(rank, message);
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

    private void contribute(int rank, Message message) {
        contributed[rank] = message;
        contributions++;
        group.notifyAll();
    }

    private void sendToAll(Message message) {
        synchronized (group) {
            for (int rank = 1; rank < spokes.length; rank++) {
                send(rank, message);
            }
        }
    }

    private void send(int rank, Message message) {
        try {
            if (spokes[rank] != null) {
                spokes[rank].send(message);
            }
        } catch (IOException _) {
            // Its reader sees the end of this link too, and says which rank it was.
        }
    }
}
