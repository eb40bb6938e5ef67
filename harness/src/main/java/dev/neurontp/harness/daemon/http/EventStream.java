package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One open stream of server-sent events. For one thread. */
final class EventStream {
    private final OutputStream out;

    /** Sends the head of the response, so that the client knows that it is connected. */
    EventStream(Context context) throws IOException {
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

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
