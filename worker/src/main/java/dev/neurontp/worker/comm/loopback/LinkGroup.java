package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.SecondaryFailure;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the threads of one rank share about its group: whether it has failed and why, and the links that end with it. Its
 * monitor guards the group's state; the first failure is the one that counts.
 */
final class LinkGroup {
    /** The group has failed; the message is the first failure. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(String reason) {
            super(reason);
        }
    }

    /** What a thread does with a link until that ends. */
    interface Reading {
        void run() throws IOException;
    }

    /** A try to link; false when the connection was closed without an answer, as happens where too many others connect. */
    @FunctionalInterface
    interface Attempt {
        boolean succeeds(boolean last) throws FailedException;
    }

    private static final int ATTEMPTS = 10;
    private static final long RETRY_MILLIS = 50;

    private final List<Link> links = new ArrayList<>();
    private Consumer<String> failureListener = reason -> {};
    private String failure;

    /** Connects; {@code who} names the other end in the failure, with its address. */
    Link connect(InetSocketAddress address, String who) throws FailedException {
        Link link = new Link(new Socket());
        add(link);
        try {
            link.connect(address);
            return link;
        } catch (IOException e) {
            throw failed(who + " does not answer: " + e.getMessage());
        }
    }

    /** Tries until it succeeds; the last attempt throws. */
    void retry(Attempt attempt) throws FailedException {
        for (int number = 1; !attempt.succeeds(number == ATTEMPTS); number++) {
            pause();
        }
    }

    private void pause() throws FailedException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw failed("this rank was interrupted while it joined");
        }
    }

    /** Adds a link, to be closed when the group fails. */
    synchronized void add(Link link) {
        if (failure == null) {
            links.add(link);
        } else {
            link.close();
        }
    }

    /** Sets who is told of the first failure while the links are still open; called under the monitor, briefly. */
    synchronized void onFailure(Consumer<String> listener) {
        failureListener = listener;
    }

    /** Fails the group; later failures change nothing. Ends every blocked read and wait. */
    synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            failureListener.accept(reason);
            links.forEach(Link::close);
            notifyAll();
        }
    }

    /** Fails the group and returns its failure, which may be an earlier one. */
    FailedException failed(String reason) {
        fail(reason);
        return failure();
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    synchronized void check() throws FailedException {
        if (failure != null) {
            throw failure();
        }
    }

    /** Waits until {@code condition} holds, which is asked and changed under this monitor. */
    void await(BooleanSupplier condition) throws FailedException {
        await(condition, WaitBound.NONE, () -> "");
    }

    /** The same within a bound; {@code missing} says what did not come, for the failure of a wait that timed out. */
    synchronized void await(BooleanSupplier condition, WaitBound bound, Supplier<String> missing)
            throws FailedException {
        bound.begin();
        try {
            while (failure == null && !condition.getAsBoolean()) {
                long millis = bound.nextMillis();
                if (millis < 0) {
                    throw failed(SecondaryFailure.WAITED + " " + bound.describe() + missing.get());
                }
                wait(millis);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw failed("this rank was interrupted while it waited for the others");
        } finally {
            bound.end();
        }
        check();
    }

    /** Reads a link in a thread of its own; its end, or what is no message, is a failure that names {@code who}. */
    void readInBackground(String who, Reading reading) throws FailedException {
        Runnable untilItEnds = () -> {
            try {
                reading.run();
            } catch (IOException e) {
                fail(gone(who, e));
            }
        };
        try {
            DaemonThread.start(
                    "loopback-reader", untilItEnds, (_, e) -> fail("reading from " + who + " failed by a bug: " + e));
        } catch (ThreadLimitException e) {
            throw failed(e.getMessage());
        }
    }

    static String gone(String who, IOException e) {
        String why = e.getMessage();
        return who + " has gone: its connection ended" + (why == null ? "" : " (" + why + ")");
    }

    private synchronized FailedException failure() {
        return new FailedException(failure);
    }
}
