package dev.neurontp.harness.daemon.device;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads one of a process's streams to its end, on a thread of its own, and keeps its beginning. */
final class StreamDrain {
    private static final int MOST_BYTES = 1 << 20;
    private static final int QUOTED_LINES = 3;
    private static final int QUOTED = 300;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread thread;

    /**
     * Begins to read.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    StreamDrain(InputStream stream) throws ThreadLimitException {
        thread = DaemonThread.start("nvidia-smi", () -> copy(stream));
    }

    private void copy(InputStream stream) {
        try (stream) {
            kept.write(stream.readNBytes(MOST_BYTES));
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // It was ended because it hung: who waits for the output says so.
            kept.reset();
        }
    }

    boolean isOpen() {
        return thread.isAlive();
    }

    /** Waits for the end of the stream; false when the time was over before. */
    boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    /** Its first lines as one, without what would steer a terminal; empty when there is none. */
    Optional<String> quoted() {
        String words = text().lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(QUOTED_LINES)
                .collect(Collectors.joining("; "));
        return words.isEmpty() ? Optional.empty() : Optional.of(ForeignText.of(words, QUOTED));
    }
}
