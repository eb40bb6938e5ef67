package dev.neurontp.harness.process;

import dev.neurontp.harness.agent.record.AgentRecord;
import dev.neurontp.harness.agent.record.AgentRecordFilter;
import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains one worker's stderr for as long as it is open, passes its lines on and keeps the last ones. A pipe that nobody
 * reads would stop the worker.
 */
final class StderrTail implements Runnable {
    static final int KEPT_LINES = 50;
    static final int MAX_LINE_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(StderrTail.class);
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final String CUT = "…";

    private final int rank;
    private final InputStream in;
    private final StderrListener listener;
    private final AgentRecordFilter records;
    private final Deque<String> kept = new ArrayDeque<>();

    private final byte[] line = new byte[MAX_LINE_BYTES];
    private int lineLength;
    private boolean lineCut;
    private boolean listenerFailed;

    StderrTail(int rank, InputStream in, StderrListener listener) {
        this(rank, in, listener, _ -> false);
    }

    /** The same for one that an agent shares with its worker; {@code records} says whether it takes a record out. */
    StderrTail(int rank, InputStream in, StderrListener listener, Predicate<AgentRecord> records) {
        this.rank = rank;
        this.in = in;
        this.listener = listener;
        this.records = new AgentRecordFilter(records, text -> take(text, text.length));
    }

    /** The last lines, oldest first. */
    List<String> lastLines() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }

    @Override
    public void run() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            int count = in.read(chunk);
            while (count >= 0) {
                records.take(chunk, count);
                count = in.read(chunk);
            }
        } catch (IOException e) {
            LOG.debug("stderr of rank {} failed: {}", rank, e.getMessage());
        }
        records.end();
        if (lineLength > 0) {
            endLine();
        }
    }

    private void take(byte[] chunk, int count) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (chunk[i] == '\n') {
                append(chunk, start, i - start);
                endLine();
                start = i + 1;
            }
        }
        append(chunk, start, count - start);
    }

    private void append(byte[] chunk, int start, int count) {
        int room = Math.min(count, MAX_LINE_BYTES - lineLength);
        System.arraycopy(chunk, start, line, lineLength, room);
        lineLength += room;
        lineCut |= room < count;
    }

    private void endLine() {
        int end = lineLength;
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        String text = ForeignText.of(new String(line, 0, end, StandardCharsets.UTF_8)) + (lineCut ? CUT : "");
        lineLength = 0;
        lineCut = false;
        synchronized (kept) {
            if (kept.size() == KEPT_LINES) {
                kept.removeFirst();
            }
            kept.addLast(text);
        }
        pass(text);
    }

    private void pass(String text) {
        try {
            listener.line(rank, text);
        } catch (RuntimeException e) {
            // Draining goes on whatever the listener does, and many failures are logged once.
            if (!listenerFailed) {
                listenerFailed = true;
                LOG.warn("the stderr listener failed on a line of rank {}: {}", rank, e.toString());
            }
        }
    }
}
