package dev.neurontp.rpc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Writes frames, each with its LF in one {@code write} and flushed at once (F7). Any thread may call: frames never mix.
 * A write blocks while the other end does not read.
 */
public final class FrameWriter {
    private static final int LONGEST_KEPT = 256;

    private final OutputStream out;
    /** The last reply and its line: a worker gives the same pong each time, and making its line costs a cold JVM much. */
    private WorkerResponse last;

    private byte[] lastLine;

    public FrameWriter(OutputStream out) {
        this.out = Objects.requireNonNull(out, "out is null");
    }

    /**
     * Writes one frame.
     *
     * @param frame one line without its LF
     * @throws IOException when the reader is gone (L4)
     */
    public void write(byte[] frame) throws IOException {
        writeLine(line(frame));
    }

    public void write(WorkerRequest request) throws IOException {
        write(WireCodec.encode(request));
    }

    @SuppressWarnings("ReferenceEquality") // equality of records is linked at its first use, which costs a start
    public synchronized void write(WorkerResponse response) throws IOException {
        if (response != last) {
            byte[] line = line(WireCodec.encode(response));
            boolean kept = line.length <= LONGEST_KEPT;
            last = kept ? response : null;
            lastLine = kept ? line : null;
            writeLine(line);
            return;
        }
        writeLine(lastLine);
    }

    private static byte[] line(byte[] frame) {
        byte[] line = Arrays.copyOf(frame, frame.length + 1);
        line[frame.length] = '\n';
        return line;
    }

    private synchronized void writeLine(byte[] line) throws IOException {
        out.write(line);
        out.flush();
    }
}
