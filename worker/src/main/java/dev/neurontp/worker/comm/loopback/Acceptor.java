package dev.neurontp.worker.comm.loopback;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Listens, and lets in who greets well. Strangers cost little: each has a bounded time for a greeting of fixed length,
 * and when too many stand at the door the one that waited longest is sent away.
 */
final class Acceptor implements Closeable {
    static final int MAX_STRANGERS = 64;
    static final Duration GREETING_WAIT = Duration.ofSeconds(5);

    private static final int BACKLOG = 1024;
    private static final long OUT_OF_DESCRIPTORS_WAIT_MILLIS = 50;

    /** What is behind the door. */
    interface Room {
        /** Takes over a link; called in a virtual thread of its own, and the link is closed when it returns. */
        void enter(Handshake greeting, Link link) throws IOException;
    }

    private final ServerSocket server;
    private final Handshake.Door door;
    private final Room room;
    private final ArrayDeque<Link> strangers = new ArrayDeque<>();

    private Acceptor(ServerSocket server, Handshake.Door door, Room room) {
        this.server = server;
        this.door = door;
        this.room = room;
    }

    /** Listens on a free port of {@code bind}. Nobody is let in before {@link #open}. */
    static Acceptor listen(InetAddress bind, Handshake.Door door, Room room) throws IOException {
        return new Acceptor(new ServerSocket(0, BACKLOG, bind), door, room);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    void open() {
        Thread.ofPlatform().daemon().name("loopback-door").start(this::acceptAll);
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Link stranger = new Link(server.accept());
                remember(stranger);
                Thread.ofPlatform().daemon().name("loopback-guest").start(() -> receive(stranger));
            } catch (IOException _) {
                // Closed, or out of descriptors for a moment: the loop's condition tells which.
                pause();
            }
        }
    }

    private void receive(Link link) {
        try (link) {
            link.prepare();
            Handshake greeting = link.readGreeting(door, GREETING_WAIT);
            forget(link);
            room.enter(greeting, link);
        } catch (IOException _) {
            // Whoever greets badly or leaves is nobody of this group; who had a seat is missed in the room.
            forget(link);
        }
    }

    private void remember(Link stranger) {
        Link sentAway = null;
        synchronized (strangers) {
            strangers.addLast(stranger);
            if (strangers.size() > MAX_STRANGERS) {
                sentAway = strangers.removeFirst();
            }
        }
        if (sentAway != null) {
            sentAway.close();
        }
    }

    private void forget(Link stranger) {
        synchronized (strangers) {
            strangers.remove(stranger);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(OUT_OF_DESCRIPTORS_WAIT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the listening and sends strangers away; links that were let in stay. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It is gone either way.
        }
        synchronized (strangers) {
            strangers.forEach(Link::close);
        }
    }
}
