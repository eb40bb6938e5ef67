package dev.neurontp.ops.doctor.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** Of a long text the lines that somebody wants, and of those the newest: each is cut at 4 KiB, all of them at 1 MiB. Any thread. */
final class KeptLines implements KeptOutput {
    private static final int LONGEST = 4096;
    private static final int MOST = 1 << 20;

    private final Predicate<String> wanted;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> kept = new ArrayDeque<>();
    private int length;

    KeptLines(Predicate<String> wanted) {
        this.wanted = wanted;
    }

    @Override
    public synchronized void take(byte[] bytes, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                add(bytes, from, i);
                end();
                from = i + 1;
            }
        }
        add(bytes, from, count);
    }

    private void add(byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.min(to - from, LONGEST - line.size()));
    }

    private void end() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (wanted.test(text)) {
            kept.addLast(text);
            length += text.length() + 1;
            while (length > MOST) {
                length -= kept.removeFirst().length() + 1;
            }
        }
    }

    @Override
    public synchronized String text() {
        if (line.size() > 0) {
            end();
        }
        return String.join("\n", kept);
    }
}
