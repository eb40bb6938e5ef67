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
    private final OutputStream out;

    public FrameWriter(OutputStream out) {
        this.out = Objects.requireNonNull(out, "out is null");
    }

    /**
     * Writes one frame.
     *
     * @param frame one line without its LF
     * @throws IOException when the reader is gone (L4)
     */
    public synchronized void write(byte[] frame) throws IOException {
        byte[] line = Arrays.copyOf(frame, frame.length + 1);
        line[frame.length] = '\n';
        out.write(line);
        out.flush();
    }

    public void write(WorkerRequest request) throws IOException {
        write(WireCodec.encode(request));
    }

    public void write(WorkerResponse response) throws IOException {
        write(WireCodec.encode(response));
    }
}
