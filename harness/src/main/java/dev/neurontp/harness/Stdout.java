package dev.neurontp.harness;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

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

    /**
     * The exit code of a program whose output goes here, all of it flushed: what did not arrive is said, and is no success.
     * A reader that has gone counts as served.
     *
     * @param exitCode of what the program did
     * @param unwritten what it is instead of 0 where the output did not arrive
     */
    public int settle(String program, PrintWriter err, int exitCode, int unwritten) {
        if (trouble == null || trouble.equals(READER_GONE)) {
            return exitCode;
        }
        err.println(program + ": not all output could be written to stdout: " + trouble);
        return exitCode == 0 ? unwritten : exitCode;
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
