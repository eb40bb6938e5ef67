package dev.neurontp.worker.os;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * This process's stderr as one {@link DroppingStream}: nothing that is written here waits for a reader, so no exit, no
 * reply and no lock has to. Any thread may call.
 */
public final class Stderr {
    /** How long a process that ends waits for its last lines to be read. */
    private static final Duration LAST_LINES = Duration.ofMillis(300);

    /** One for the process, so that nobody's lines are cut by another's. */
    private static final DroppingStream STREAM = DroppingStream.toStderr();

    private Stderr() {}

    public static DroppingStream stream() {
        return STREAM;
    }

    /** Writes a line for a person. */
    public static void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        STREAM.write(bytes, 0, bytes.length);
    }

    /** Gives the last lines a moment to be written. Before every exit. */
    public static void flush() {
        STREAM.flush(LAST_LINES);
    }

    /** The same for a program that has promised nobody to be gone within a second: its words are worth a longer wait. */
    public static void flush(Duration bound) {
        STREAM.flush(bound);
    }

    /** From now on System.err is this stream too, and with it what libraries and the JDK print. */
    public static void takeOver() {
        System.setErr(new PrintStream(STREAM, true, StandardCharsets.UTF_8));
    }
}
