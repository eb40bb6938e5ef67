package dev.neurontp.ops.doctor.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What is kept of what a program prints. Any thread: that of a program that hangs may still take. */
interface KeptOutput {
    void take(byte[] bytes, int count);

    String text();

    /** Its first MiB. */
    static KeptOutput beginning() {
        return new KeptOutput() {
            private static final int MOST = 1 << 20;
            private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

            @Override
            public void take(byte[] bytes, int count) {
                synchronized (kept) {
                    kept.write(bytes, 0, Math.min(count, MOST - kept.size()));
                }
            }

            @Override
            public String text() {
                synchronized (kept) {
                    return kept.toString(StandardCharsets.UTF_8);
                }
            }
        };
    }
}
