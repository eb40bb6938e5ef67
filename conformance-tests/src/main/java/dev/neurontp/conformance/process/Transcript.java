package dev.neurontp.conformance.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What went over one worker's pipes, a stamped line each, the last few hundred kept. Any thread. */
public final class Transcript {

    private static final int MAX_ENTRIES = 400;
    private static final int MAX_STDERR = 50;

    private record Entry(long number, long atMillis, String mark, String text) {
        String line() {
            return String.format("%7d ms %s %s", atMillis, mark, text);
        }
    }

    private final long startNanos;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Deque<String> stderr = new ArrayDeque<>();
    private long count;
    private volatile boolean heard;

    Transcript(long startNanos) {
        this.startNanos = startNanos;
    }

    long now() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    void sent(byte[] bytes) {
        add(">", Printable.bytes(bytes));
    }

    void received(Output output) {
        switch (output) {
            case Output.Reply reply -> {
                heard = true;
                add("<", reply.toString());
            }
            case Output.Noise noise -> {
                heard = true;
                add("< (no frame)", noise.line());
            }
            case Output.End end -> add("<", "(end of stdout)");
        }
    }

    /** Whether anything came on stdout. */
    public boolean hasHeard() {
        return heard;
    }

    /** Adds a remark of the suite's. */
    public void note(String text) {
        add("-", text);
    }

    synchronized void stderr(String raw) {
        String line = raw.replace("\\t", "    ");
        if (stderr.size() == MAX_STDERR) {
            stderr.removeFirst();
        }
        stderr.addLast(line);
        add("!", line);
    }

    private synchronized void add(String mark, String text) {
        if (entries.size() == MAX_ENTRIES) {
            entries.removeFirst();
        }
        entries.addLast(new Entry(count++, now(), mark, text));
    }

    /** A place in the transcript that {@link #since} takes. */
    public synchronized long mark() {
        return count;
    }

    /** The lines since a mark, as far as they are kept. */
    public synchronized List<String> since(long mark) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.number() >= mark) {
                lines.add(entry.line());
            }
        }
        return lines;
    }

    /** The last lines of stderr, at most 50. */
    public synchronized List<String> stderrTail() {
        return List.copyOf(stderr);
    }
}
