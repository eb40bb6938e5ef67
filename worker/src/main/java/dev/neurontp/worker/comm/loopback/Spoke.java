package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Any rank but 0: one link, to rank 0. */
final class Spoke implements StarRole {
    private static final String HUB = "rank 0";
    /** Rank 0 knows who is missing, and says so first. */
    private static final Duration HUB_FIRST = Duration.ofMillis(500);

    private final LinkGroup group;
    private final CommId id;
    private final long rank;
    private final long worldSize;
    private Link link;
    private boolean go;
    private Message.Sum latest;
    private Message.Data latestData;
    private int sequence;

    Spoke(LinkGroup group, CommId id, long rank, long worldSize) {
        this.group = group;
        this.id = id;
        this.rank = rank;
        this.worldSize = worldSize;
    }

    @Override
    public int port() {
        return 0;
    }

    @Override
    public void link(InetSocketAddress hub) throws FailedException {
        group.retry(last -> isAnswered(hub, last));
        group.readInBackground(HUB, this::readAll);
        group.await(() -> go);
    }

    private boolean isAnswered(InetSocketAddress hub, boolean last) throws FailedException {
        link = group.connect(hub, HUB + " at " + hub.getAddress().getHostAddress() + " port " + hub.getPort());
        try {
            link.sendHandshake(new Handshake(Handshake.Endpoint.HUB, id.nonce(), rank, worldSize, 0));
            // What this rank knows travels ahead of the end of its link: no other path to rank 0 is faster.
            group.onFailure(this::sendFailure);
            take(link.read());
            return true;
        } catch (IOException e) {
            if (last || group.hasFailed()) {
                throw group.failed(LinkGroup.gone(HUB, e));
            }
            link.close();
            return false;
        }
    }

    @Override
    public int allReduce(int value) throws FailedException {
        group.check();
        try {
            link.send(new Message.Add(sequence, value));
        } catch (IOException e) {
            throw group.failed(LinkGroup.gone(HUB, e));
        }
        synchronized (group) {
            group.await(() -> latest != null && latest.sequence() == sequence);
            sequence++;
            return latest.sum();
        }
    }

    @Override
    public byte[] exchange(byte[] slices, RelayRound round, WaitBound bound) throws FailedException {
        group.check();
        try {
            link.send(new Message.Data(sequence, slices));
        } catch (IOException e) {
            throw group.failed(LinkGroup.gone(HUB, e));
        }
        synchronized (group) {
            group.await(
                    () -> latestData != null && latestData.sequence() == sequence, bound.later(HUB_FIRST), () -> "");
            sequence++;
            byte[] received = latestData.bytes();
            latestData = null;
            if (received.length != round.slicesReceived((int) rank) * round.bytes()) {
                throw group.failed("rank 0 sent " + received.length + " bytes in another collective than this rank's "
                        + round.request().collective().wireName());
            }
            return received;
        }
    }

    @Override
    public void close() {}

    private void sendFailure(String reason) {
        try {
            link.send(new Message.Failed(reason));
        } catch (IOException _) {
            // Rank 0 has gone, or has ended this link: it knows.
            return;
        }
    }

    private void readAll() throws IOException {
        while (true) {
            take(link.read());
        }
    }

    private void take(Message message) throws IOException {
        synchronized (group) {
            switch (message) {
                case Message.Go _ -> go = true;
                case Message.Sum sum -> latest = sum;
                case Message.Data data -> latestData = data;
                case Message.Failed failed -> group.fail(failed.reason());
                case Message.Refused refused -> group.fail("rank 0 refused this rank: " + refused.reason());
                default -> throw new IOException("it sent what only others may send");
            }
            group.notifyAll();
        }
    }
}
