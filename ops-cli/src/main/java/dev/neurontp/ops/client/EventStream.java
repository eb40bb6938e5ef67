package dev.neurontp.ops.client;

import dev.neurontp.worker.os.ThreadLimitException;
import java.io.BufferedReader;
import java.io.EOFException;
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
    /** Of one event with all its lines, in characters. */
    private static final int LONGEST_EVENT = 1 << 20;

    private final Daemon daemon;
    private final Duration silence;
    private final Duration whole;
    private final WatchedInput body;
    private final BufferedReader lines;
    private boolean begun;

    /**
     * The events of an answer.
     *
     * @param silence for how long no byte need come
     * @param whole how long all of it may take, but for {@link #notCounting}
     * @throws ThreadLimitException when the host gives no thread that watches this
     */
    EventStream(Daemon daemon, InputStream answer, Duration silence, Duration whole) throws ThreadLimitException {
        this.daemon = daemon;
        this.silence = silence;
        this.whole = whole;
        body = new WatchedInput(answer, silence, whole);
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

    /** Does {@code step} in time that is not the daemon's: it prints, and whoever reads that may pause. */
    public void notCounting(Runnable step) {
        body.notCounting(step);
    }

    private Optional<Message> next() {
        String id = "";
        String type = "message";
        StringBuilder data = new StringBuilder();
        boolean inside = false;
        try {
            body.requireInTime();
            for (String line = line(data); line != null; line = line(data)) {
                begun = true;
                if (line.isEmpty()) {
                    inside = false;
                    if (!data.isEmpty()) {
                        return Optional.of(new Message(id, type, parsed(data)));
                    }
                    type = "message";
                    continue;
                }
                int colon = line.indexOf(':');
                inside |= colon != 0;
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
            requireEnd(inside);
            return Optional.empty();
        } catch (WatchedInput.TooLateException e) {
            throw e.silent() ? ConnectionErrors.silent(daemon, silence, e) : ConnectionErrors.unended(daemon, whole, e);
        } catch (IOException e) {
            throw ConnectionErrors.of(daemon, e, whole, false);
        }
    }

    /** A daemon begins each stream with a comment, and ends each event with an empty line. */
    private void requireEnd(boolean inside) throws EOFException {
        if (!begun || inside) {
            throw new EOFException("its stream ended " + (begun ? "inside an event" : "before anything came"));
        }
    }

    /** The next line without its end; null at the end of the stream. */
    private String line(StringBuilder data) throws IOException {
        StringBuilder line = new StringBuilder();
        int c = lines.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            line.append((char) c);
            if (line.length() + data.length() > LONGEST_EVENT) {
                throw ConnectionErrors.strange(
                        daemon,
                        200,
                        new UnexpectedReplyException(
                                "an event of more than " + LONGEST_EVENT + " characters, the most that is taken",
                                null));
            }
            c = lines.read();
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
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
            throw ConnectionErrors.of(daemon, e, whole, false);
        }
    }

    /** One event of the stream. */
    public record Message(String id, String type, JsonNode data) {}
}
