package dev.neurontp.rpc;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Cuts a stream into lines, however its bytes arrive. Blank lines are skipped (F3), a last line without LF counts (F6),
 * and a line beyond the bound is read to its end with constant memory, so that the next one is served as ever (F9).
 *
 * <p>Not thread-safe; {@link #next} blocks in the stream's own read. Memory: at most the bound, plus 64 KiB.
 */
public final class FrameReader {
    /** The longest frame of the contract, in bytes without its LF (F8). */
    public static final int DEFAULT_LIMIT = 16 * 1024 * 1024;

    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final int limit;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int chunkPos;
    private int chunkEnd;

    private byte[] line = new byte[0];
    private long lineLength;
    private boolean lineBlank;

    public FrameReader(InputStream in) {
        this(in, DEFAULT_LIMIT);
    }

    /**
     * Reads with a bound of its own.
     *
     * @param limit the longest frame that is taken, in bytes without its LF, at least 1
     */
    public FrameReader(InputStream in, int limit) {
        this.in = Objects.requireNonNull(in, "in is null");
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ": it must be at least 1 byte");
        }
        this.limit = limit;
    }

    /** The next line that is not blank, or null at the end of the stream. */
    public Frame next() throws IOException {
        boolean more = true;
        while (more) {
            more = readLine();
            if (!lineBlank) {
                return takeLine(more);
            }
        }
        return null;
    }

    /** Whether an LF ended the line; false at the end of the stream. */
    private boolean readLine() throws IOException {
        lineLength = 0;
        lineBlank = true;
        while (true) {
            if (chunkPos == chunkEnd && !fill()) {
                return false;
            }
            int start = chunkPos;
            while (chunkPos < chunkEnd && chunk[chunkPos] != '\n') {
                chunkPos++;
            }
            append(start, chunkPos - start);
            if (chunkPos < chunkEnd) {
                chunkPos++;
                return true;
            }
        }
    }

    private boolean fill() throws IOException {
        chunkPos = 0;
        chunkEnd = Math.max(0, in.read(chunk));
        return chunkEnd > 0;
    }

    private void append(int start, int count) {
        for (int i = start; lineBlank && i < start + count; i++) {
            lineBlank = chunk[i] == ' ' || chunk[i] == '\t' || chunk[i] == '\r';
        }
        if (lineLength + count <= limit) {
            int end = (int) lineLength + count;
            if (end > line.length) {
                line = Arrays.copyOf(line, (int) Math.min(limit, Math.max(end, 2L * line.length)));
            }
            System.arraycopy(chunk, start, line, (int) lineLength, count);
        }
        lineLength += count;
    }

    private Frame takeLine(boolean terminated) {
        Frame frame = lineLength > limit
                ? new Frame.TooLong(lineLength, limit)
                : new Frame.Line(Arrays.copyOf(line, (int) lineLength), terminated);
        if (line.length > CHUNK_BYTES) {
            line = new byte[0];
        }
        return frame;
    }
}
