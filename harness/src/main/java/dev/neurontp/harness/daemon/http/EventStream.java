package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.dashboard.Session;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** One open stream of server-sent events. For one thread. */
final class EventStream {
    private final OutputStream out;
    private final Duration keepAlive;
    private final Optional<Session> session;
    private long lastSent;

    /**
     * Sends the head of the response, so that the client knows that it is connected.
     *
     * @param keepAlive after so long without an event the client gets a comment
     */
    EventStream(Context context, Duration keepAlive) throws IOException {
        this.keepAlive = keepAlive;
        this.session = Optional.ofNullable(context.req().getAttribute(RequestGuard.SESSION))
                .map(Session.class::cast);
        context.res().setStatus(200);
        context.res().setContentType("text/event-stream; charset=utf-8");
        this.out = context.res().getOutputStream();
        comment("listening");
    }

    /** One event, written but not yet sent. */
    void event(String id, String type, Object data) throws IOException {
        // JSON of ours has no line feeds, so one data line holds it.
        write("id: " + id + "\nevent: " + type + "\ndata: " + Json.text(data) + "\n\n");
    }

    /** A line that clients ignore; it shows whether the client is still there. */
    void comment(String text) throws IOException {
        write(": " + text + "\n\n");
        flush();
    }

    void flush() throws IOException {
        out.flush();
    }

    /** How long nothing need be sent. */
    Duration untilKeepAlive() {
        return keepAlive.minusNanos(System.nanoTime() - lastSent);
    }

    /** Sends a comment if nothing else was sent for that long, whatever went on meanwhile that this client did not ask for. */
    void keepAlive() throws IOException {
        if (!untilKeepAlive().isPositive()) {
            comment("still here");
        }
    }

    private void write(String text) throws IOException {
        if (session.isPresent() && !session.get().lasts()) {
            throw new IOException("its session is over");
        }
        lastSent = System.nanoTime();
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
