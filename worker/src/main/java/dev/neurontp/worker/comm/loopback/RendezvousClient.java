package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A rank's link to the rendezvous, from the greeting until it is linked to the group. One thread calls. */
final class RendezvousClient {
    private static final int ATTEMPTS = 10;
    private static final long RETRY_MILLIS = 50;

    private final LinkGroup membership;
    private final String who;
    private Link link;
    private boolean done;

    private RendezvousClient(LinkGroup membership, CommId id) {
        this.membership = membership;
        this.who = "the rendezvous at " + id.address().getAddress().getHostAddress() + " port "
                + id.address().getPort() + ", which the maker of the comm_id serves,";
    }

    /** Takes this rank's seat, or fails with what the rendezvous has against it. */
    static RendezvousClient join(LinkGroup membership, CommId id, Handshake greeting) throws FailedException {
        RendezvousClient meeting = new RendezvousClient(membership, id);
        for (int attempt = 1; !meeting.greet(id.address(), greeting, attempt == ATTEMPTS); attempt++) {
            meeting.pause();
        }
        return meeting;
    }

    /** False when the door was shut without a word, as happens where a crowd of strangers stands before it. */
    private boolean greet(InetSocketAddress address, Handshake greeting, boolean last) throws FailedException {
        link = membership.connect(address, who);
        Message answer;
        try {
            link.greet(greeting);
            answer = link.read();
        } catch (IOException e) {
            if (last || membership.hasFailed()) {
                throw membership.failed(LinkGroup.gone(who, e));
            }
            link.close();
            return false;
        }
        return switch (answer) {
            case Message.Joined _ -> true;
            case Message.Refused refused ->
                throw membership.failed(
                        "rank " + greeting.rank() + " was refused by the rendezvous: " + refused.reason());
            default -> throw unexpected();
        };
    }

    /** Waits until every rank has joined; returns where rank 0 listens. From then on a failure comes by itself. */
    InetSocketAddress awaitAll() throws FailedException {
        Message answer;
        try {
            answer = link.read();
        } catch (IOException e) {
            throw membership.failed(LinkGroup.gone(who, e));
        }
        return switch (answer) {
            case Message.Welcome welcome -> {
                membership.readInBackground(who, this::readFailures);
                yield welcome.hub();
            }
            case Message.Failed failed -> throw membership.failed(failed.reason());
            default -> throw unexpected();
        };
    }

    /** Says that this rank needs the rendezvous no longer. */
    void leave() throws FailedException {
        synchronized (membership) {
            membership.check();
            done = true;
        }
        try {
            link.send(new Message.Linked());
        } catch (IOException _) {
            // The group stands without it.
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
        synchronized (membership) {
            if (!done) {
                membership.fail(reason);
            }
        }
    }

    private FailedException unexpected() {
        return membership.failed(who + " answered out of turn: is another program listening there?");
    }

    private void pause() throws FailedException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw membership.failed("this rank was interrupted while it joined");
        }
    }
}
