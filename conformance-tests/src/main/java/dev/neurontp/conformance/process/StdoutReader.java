package dev.neurontp.conformance.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Reads a worker's stdout to its end, line by line, and can be made to stop reading for a while. */
final class StdoutReader implements Runnable {

    private final InputStream in;
    private final int longestLine;
    private final Transcript transcript;
    private final OutputQueue outputs;
    private final Semaphore gate = new Semaphore(1);
    private final LineAssembler assembler;
    private volatile boolean closing;
    private volatile boolean dropped;
    private volatile boolean reading;
    /** Bytes since the last line break, also those that are not kept. */
    private long open;

    private volatile Unfinished unfinished = Unfinished.NOTHING;

    StdoutReader(
            InputStream in,
            int longestLine,
            Transcript transcript,
            OutputQueue outputs,
            BooleanSupplier repliesBearOp) {
        this.in = in;
        this.longestLine = longestLine;
        this.transcript = transcript;
        this.outputs = outputs;
        this.assembler = new LineAssembler(this::hand, longestLine, repliesBearOp);
    }

    /** Stops reading, at the latest after the next few kilobytes. */
    void pause() {
        gate.acquireUninterruptibly();
    }

    /** Closes the pipe after the next whole line that comes. A read that is under way would keep it open. */
    void closeAfterNextLine() {
        closing = true;
    }

    /** Closes the pipe while it is paused, with what is in it unread. */
    void drop() {
        dropped = true;
        gate.release();
    }

    void resume() {
        gate.release();
    }

    /** Whether it waits for bytes, and has handed on all that it got. */
    boolean isReading() {
        return reading;
    }

    /** What came and is not handed on yet. */
    Unfinished unfinished() {
        return unfinished;
    }

    @Override
    public void run() {
        byte[] chunk = new byte[1 << 16];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (in) {
            while (true) {
                gate.acquire();
                gate.release();
                if (dropped) {
                    line.reset();
                    break;
                }
                reading = true;
                int n = in.read(chunk);
                reading = false;
                if (n < 0) {
                    break;
                }
                boolean last = closing;
                line = take(chunk, n, line);
                unfinished = new Unfinished(assembler.pendingBytes() + open, assembler.pendingBytes() > 0);
                if (last && line.size() == 0) {
                    break;
                }
            }
        } catch (ClosedByInterruptException e) {
            // the suite has ended it, and something that it left holds the pipe
        } catch (IOException e) {
            transcript.note("reading stdout failed: " + e.getMessage());
        } catch (InterruptedException e) {
            transcript.note("reading stdout was given up");
        }
        long now = transcript.now();
        if (line.size() > 0) {
            assembler.line(line.toByteArray(), false, now);
        }
        assembler.end(now);
    }

    private ByteArrayOutputStream take(byte[] chunk, int n, ByteArrayOutputStream started) {
        ByteArrayOutputStream line = started;
        long now = transcript.now();
        int from = 0;
        for (int i = 0; i < n; i++) {
            if (chunk[i] == '\n') {
                line.write(chunk, from, i - from);
                assembler.line(line.toByteArray(), true, now);
                line = line.size() > 1 << 16 ? new ByteArrayOutputStream() : line;
                line.reset();
                from = i + 1;
                open = 0;
            }
        }
        open += n - from;
        if (line.size() < longestLine) {
            line.write(chunk, from, n - from);
        }
        return line;
    }

    private void hand(Output output) {
        transcript.received(output);
        try {
            outputs.put(output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
