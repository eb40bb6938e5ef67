package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Accepts connections and hands on those whose handshake is right. The others cost little: each has a bounded time for a
 * handshake of fixed length, and when too many are pending the oldest one is closed.
 */
final class Acceptor implements Closeable {
    static final int MAX_PENDING = 64;
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    private static final int BACKLOG = 1024;
    private static final long OUT_OF_DESCRIPTORS_WAIT_MILLIS = 50;

    /** For as long as connections that are no rank's can hold descriptors. */
    private static final long OUT_OF_DESCRIPTORS_TRIES = HANDSHAKE_TIMEOUT.toMillis() / OUT_OF_DESCRIPTORS_WAIT_MILLIS;

    /** What a connection with a right handshake is for. */
    interface Handler {
        /** Takes over a link; called in a thread of its own, and the link is closed when it returns. */
        void handle(Handshake handshake, Link link) throws IOException;

        /** No connection can be accepted or handled any more; the reason is for a person. */
        void fail(String reason);
    }

    /** Starts a thread, as {@link DaemonThread} does. */
    @FunctionalInterface
    interface Starter {
        Thread start(String name, Runnable work, Thread.UncaughtExceptionHandler failed) throws ThreadLimitException;
    }

    private final ServerSocket server;
    private final Handshake.Endpoint endpoint;
    private final Handler handler;
    private final ArrayDeque<Link> pending = new ArrayDeque<>();

    private Acceptor(ServerSocket server, Handshake.Endpoint endpoint, Handler handler) {
        this.server = server;
        this.endpoint = endpoint;
        this.handler = handler;
    }

    /** Listens on a free port of {@code bind}. No connection is accepted before {@link #open}. */
    static Acceptor listen(InetAddress bind, Handshake.Endpoint endpoint, Handler handler) throws IOException {
        return new Acceptor(new ServerSocket(0, BACKLOG, bind), endpoint, handler);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    /**
     * Starts to accept.
     *
     * @throws ThreadLimitException when the host gives no more threads; it is closed then
     */
    void open() throws ThreadLimitException {
        open(DaemonThread::start);
    }

    void open(Starter threads) throws ThreadLimitException {
        try {
            threads.start("loopback-accept", () -> acceptAll(threads), this::failed);
        } catch (ThreadLimitException e) {
            close();
            throw e;
        }
    }

    private void failed(Thread thread, Throwable e) {
        handler.fail("the thread " + thread.getName() + " failed by a bug: " + e);
    }

    private void acceptAll(Starter threads) {
        int failedTries = 0;
        while (!server.isClosed()) {
            try {
                Link link = new Link(server.accept());
                failedTries = 0;
                addPending(link);
                startReceiving(threads, link);
            } catch (IOException e) {
                // Closed, or out of descriptors, perhaps for a moment: the loop's condition tells which.
                if (!server.isClosed() && ++failedTries > OUT_OF_DESCRIPTORS_TRIES) {
                    handler.fail("no connection can be accepted (" + e.getMessage()
                            + "): where the limit on open files is too low, raise it (ulimit -n)");
                    // Ends the connections that wait to be accepted, so that their ranks hear of it.
                    close();
                }
                pause();
            }
        }
    }

    private void startReceiving(Starter threads, Link link) {
        try {
            threads.start("loopback-connection", () -> receive(link), this::failed);
        } catch (ThreadLimitException e) {
            handler.fail(e.getMessage());
            removePending(link);
            refuse(link, e.getMessage());
        }
    }

    /** Its rank would take the end alone for that of this process, and may be heard before any other. */
    private static void refuse(Link link, String reason) {
        try (link) {
            link.prepare();
            link.send(new Message.Refused(reason));
        } catch (IOException _) {
            return; // it has ended by itself
        }
    }

    private void receive(Link link) {
        try (link) {
            link.prepare();
            Handshake handshake = link.receiveHandshake(endpoint, HANDSHAKE_TIMEOUT);
            if (removePending(link)) {
                handler.handle(handshake, link);
            }
        } catch (IOException _) {
            // Without a right handshake it is no rank of this group; the handler itself notices the end of one that is.
            removePending(link);
        }
    }

    private void addPending(Link link) {
        Link closed = null;
        synchronized (pending) {
            pending.addLast(link);
            if (pending.size() > MAX_PENDING) {
                closed = pending.removeFirst();
            }
        }
        if (closed != null) {
            closed.close();
        }
    }

    /** False for one that was closed since too many were pending: it comes again. */
    private boolean removePending(Link link) {
        synchronized (pending) {
            return pending.remove(link);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(OUT_OF_DESCRIPTORS_WAIT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops listening and closes what is pending; accepted links stay open. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It is gone either way.
        }
        synchronized (pending) {
            pending.forEach(Link::close);
        }
    }
}
