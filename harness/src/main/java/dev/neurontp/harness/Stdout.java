package dev.neurontp.harness;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/**
 * The stdout of a command. It remembers a failed write, which the writers above it ignore: a full disk must not look
 * like success. One thread writes; any thread may ask.
 */
public final class Stdout extends FilterOutputStream {
    /** Linux's message when the reader has gone, as in {@code tpctl ls | head -1}: that is no failure. */
    private static final String READER_GONE = "Broken pipe";

    private volatile String failure;

    /** Passes everything on to {@code out}. */
    public Stdout(OutputStream out) {
        super(out);
    }

    /**
     * The exit code of a program whose output went here and is flushed. A failed write is printed and is no success; a
     * reader that has gone is no failure.
     *
     * @param exitCode of what the program did
     * @param unwritten the code instead of 0 when the output could not be written
     */
    public int finish(String program, PrintWriter err, int exitCode, int unwritten) {
        if (failure == null || failure.equals(READER_GONE)) {
            return exitCode;
        }
        err.println(program + ": not all output could be written to stdout: " + failure);
        return exitCode == 0 ? unwritten : exitCode;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }
}
