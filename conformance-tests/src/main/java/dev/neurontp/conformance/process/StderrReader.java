package dev.neurontp.conformance.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Drains a worker's stderr into its transcript, so that a talkative worker is never held up. */
final class StderrReader implements Runnable {

    /** Longer lines are cut. */
    private static final int MAX_LINE = 500;

    private final InputStream in;
    private final Transcript transcript;

    StderrReader(InputStream in, Transcript transcript) {
        this.in = in;
        this.transcript = transcript;
    }

    @Override
    public void run() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] chunk = new byte[1 << 13];
        try (in) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                int from = 0;
                for (int i = 0; i < n; i++) {
                    if (chunk[i] == '\n') {
                        add(chunk, from, i, line);
                        transcript.stderr(Printable.words(line.toByteArray()));
                        line.reset();
                        from = i + 1;
                    }
                }
                add(chunk, from, n, line);
            }
        } catch (IOException e) {
            transcript.note("reading stderr failed: " + e.getMessage());
        }
        if (line.size() > 0) {
            transcript.stderr(Printable.words(line.toByteArray()));
        }
    }

    /** What goes beyond the bound of a line is left out. */
    private static void add(byte[] chunk, int from, int to, ByteArrayOutputStream line) {
        line.write(chunk, from, Math.min(to - from, MAX_LINE - line.size()));
    }
}
