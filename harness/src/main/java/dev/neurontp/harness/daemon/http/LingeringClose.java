package dev.neurontp.harness.daemon.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Goes on reading for a moment where a request was answered before all of it had come, so that the client sees the answer: a
 * connection that is closed with bytes unread is reset, and a reset takes back what the client has not read yet (RFC 9112, 9.6).
 * What comes is dropped. Jetty itself does that for as many bytes as a request's headers may have.
 */
final class LingeringClose extends Handler.Wrapper {
    /** A client that has more to say gets a reset after all. */
    private static final LingeringClose USUAL = new LingeringClose(16 << 20, Duration.ofSeconds(5));

    private final long mostBytes;
    private final Duration longest;

    /** With the usual bounds of one connection. */
    LingeringClose() {
        this(USUAL.mostBytes, USUAL.longest);
    }

    /** With other bounds of one connection. */
    LingeringClose(long mostBytes, Duration longest) {
        this.mostBytes = mostBytes;
        this.longest = longest;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(request, response, after(request, callback, request::consumeAvailable));
    }

    /**
     * What to call, in place of {@code callback}, when the answer to bytes that are no request has been written: nobody knows
     * where they end.
     */
    static Callback afterRefusal(Request request, Callback callback) {
        return USUAL.after(request, callback, () -> false);
    }

    private Callback after(Request request, Callback callback, BooleanSupplier isComplete) {
        return new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                if (request.getConnectionMetaData().isPersistent() || isComplete.getAsBoolean()) {
                    super.succeeded();
                } else {
                    new Drain(request, getCallback()).succeeded();
                }
            }
        };
    }

    /** The rest of one connection. It never fails: the answer is out. */
    private final class Drain implements Callback {
        private final EndPoint endPoint;
        private final Callback next;
        private final Scheduler.Task bound;
        private final AtomicBoolean over = new AtomicBoolean();
        private final ByteBuffer dropped = BufferUtil.allocate(16 * 1024);
        private long bytes;

        Drain(Request request, Callback next) {
            endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
            this.next = next;
            // Closing it ends a wait for bytes too.
            bound = request.getComponents()
                    .getScheduler()
                    .schedule(endPoint::close, longest.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Something may be there to be read. Jetty has ended the output behind the answer, so the client knows its end. */
        @Override
        public void succeeded() {
            try {
                int read;
                do {
                    BufferUtil.clear(dropped);
                    read = endPoint.fill(dropped);
                    bytes += read;
                } while (read > 0 && bytes < mostBytes);
                if (read == 0) {
                    endPoint.fillInterested(this);
                } else {
                    end();
                }
            } catch (IOException e) {
                failed(e);
            }
        }

        @Override
        public void failed(Throwable problem) {
            end();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                bound.cancel();
                endPoint.close();
                next.succeeded();
            }
        }
    }
}
