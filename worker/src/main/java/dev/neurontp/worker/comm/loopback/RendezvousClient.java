package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A rank's link to the rendezvous, from the handshake until it is linked to the group. One thread calls. */
final class RendezvousClient {
    private final LinkGroup group;
    private final String who;
    private Link link;
    private boolean done;

    private RendezvousClient(LinkGroup group, CommId id) {
        this.group = group;
        this.who = "the rendezvous at " + id.address().getAddress().getHostAddress() + " port "
                + id.address().getPort() + ", which the creator of the comm_id serves,";
    }

    /** Registers this rank, or fails with the reason that the rendezvous gives. */
    static RendezvousClient join(LinkGroup group, CommId id, Handshake handshake) throws FailedException {
        RendezvousClient client = new RendezvousClient(group, id);
        group.retry(last -> client.handshake(id.address(), handshake, last));
        return client;
    }

    private boolean handshake(InetSocketAddress address, Handshake handshake, boolean last) throws FailedException {
        link = group.connect(address, who);
        Message answer;
        try {
            link.sendHandshake(handshake);
            answer = link.read();
        } catch (IOException e) {
            if (last || group.hasFailed()) {
                throw group.failed(LinkGroup.gone(who, e));
            }
            link.close();
            return false;
        }
        return switch (answer) {
            case Message.Joined _ -> true;
            case Message.Refused refused ->
                throw group.failed("rank " + handshake.rank() + " was refused by the rendezvous: " + refused.reason());
            default -> throw unexpected();
        };
    }

    /** Waits until every rank has joined; returns where rank 0 listens. From then on a failure is noticed in the background. */
    InetSocketAddress awaitAll() throws FailedException {
        Message answer;
        try {
            answer = link.read();
        } catch (IOException e) {
            throw group.failed(LinkGroup.gone(who, e));
        }
        return switch (answer) {
            case Message.Welcome welcome -> {
                group.readInBackground(who, this::readFailures);
                yield welcome.hub();
            }
            case Message.Failed failed -> throw group.failed(failed.reason());
            default -> throw unexpected();
        };
    }

    /** Says that this rank needs the rendezvous no longer. */
    void leave() throws FailedException {
        synchronized (group) {
            group.check();
            done = true;
        }
        try {
            link.send(new Message.Linked());
        } catch (IOException _) {
            // The group needs it no longer.
            return;
        } finally {
            link.close();
        }
    }

    private void readFailures() throws IOException {
        try {
            if (link.read() instanceof Message.Failed failed) {
                failUnlessDone(failed.reason());
            }
        } catch (IOException e) {
            failUnlessDone(LinkGroup.gone(who, e));
        }
    }

    private void failUnlessDone(String reason) {
        synchronized (group) {
            if (!done) {
                group.fail(reason);
            }
        }
    }

    private FailedException unexpected() {
        return group.failed(who + " sent an unexpected message: is another program listening there?");
    }
}
