package dev.neurontp.ops.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Server-sent events as they come (WHATWG HTML, 9.2.6), once. One thread reads. */
public final class EventStream implements Iterable<EventStream.Message>, AutoCloseable {
    private final Daemon daemon;
    private final BufferedReader lines;

    EventStream(Daemon daemon, InputStream body) {
        this.daemon = daemon;
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The messages that are still to come; each blocks until it is there, and the stream's end in order is their end. */
    @Override
    public Iterator<Message> iterator() {
        return Stream.generate(this::next)
                .takeWhile(Optional::isPresent)
                .map(Optional::orElseThrow)
                .iterator();
    }

    private Optional<Message> next() {
        String id = "";
        String type = "message";
        StringBuilder data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return Optional.of(new Message(id, type, parsed(data)));
                    }
                    type = "message";
                    continue;
                }
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                value = value.startsWith(" ") ? value.substring(1) : value;
                switch (field) {
                    case "id" -> id = value;
                    case "event" -> type = value;
                    case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
                    default -> {} // comments, which keep the connection alive, and fields to come
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw ConnectionErrors.of(daemon, e, Duration.ZERO);
        }
    }

    private JsonNode parsed(StringBuilder data) {
        try {
            return ApiJson.parse(data.toString());
        } catch (UnexpectedReplyException e) {
            throw ConnectionErrors.strange(daemon, 200, e);
        }
    }

    @Override
    public void close() {
        try {
            lines.close();
        } catch (IOException e) {
            throw ConnectionErrors.of(daemon, e, Duration.ZERO);
        }
    }

    /** One event of the stream. */
    public record Message(String id, String type, JsonNode data) {}
}
