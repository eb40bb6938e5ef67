package dev.neurontp.harness.log;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Catches what a throwable prints line by line: a line feed in its message stays in its line. */
final class StackTraceLines extends PrintWriter {
    private final List<String> lines = new ArrayList<>();

    private StackTraceLines() {
        super(Writer.nullWriter());
    }

    /** The stack trace; nothing of null. */
    static List<String> of(Throwable thrown) {
        StackTraceLines caught = new StackTraceLines();
        if (thrown != null) {
            thrown.printStackTrace(caught);
        }
        return caught.lines;
    }

    @Override
    public void println(Object line) {
        lines.add(String.valueOf(line));
    }
}
