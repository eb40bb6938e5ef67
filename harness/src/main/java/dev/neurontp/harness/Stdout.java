package dev.neurontp.harness;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The data of a command on its way out. Writers above it swallow what fails, so it is kept here: a full disk must not look
 * like success. For one writing thread; any may ask.
 */
public final class Stdout extends FilterOutputStream {
    /** A reader that has seen enough ({@code tpctl ls | head -1}) is no trouble: what Linux says then. */
    private static final String READER_GONE = "Broken pipe";

    private volatile String trouble;

    /** Passes everything on to {@code out}. */
    public Stdout(OutputStream out) {
        super(out);
    }

    /** Why not all that was written has arrived; empty when it has, or when the reader has gone. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble).filter(reason -> !reason.equals(READER_GONE));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
            throw e;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }
}
