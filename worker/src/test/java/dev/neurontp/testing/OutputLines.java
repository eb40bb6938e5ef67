package dev.neurontp.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The lines of a stream, read as they come, so that who writes them never waits. One thread asks for them. */
final class OutputLines {
    /** An empty one is the end of the stream. */
    private final BlockingQueue<Optional<String>> unread = new LinkedBlockingQueue<>();

    private final List<String> seen = new ArrayList<>();
    private boolean ended;

    OutputLines(BufferedReader reader) {
        Thread.ofVirtual().start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    unread.add(Optional.of(line));
                }
            } catch (IOException e) {
                unread.add(Optional.of("(" + e.getMessage() + ")"));
            }
            unread.add(Optional.empty());
        });
    }

    /** The next line, or null where the stream ends or {@code limit} passes before. */
    String next(Duration limit) {
        if (ended) {
            return null;
        }
        try {
            Optional<String> line = unread.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                return null;
            }
            line.ifPresent(seen::add);
            ended = line.isEmpty();
            return line.orElse(null);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the end of the stream has been read. */
    boolean ended() {
        return ended;
    }

    /** The lines that were read until now. */
    List<String> seen() {
        return List.copyOf(seen);
    }
}
