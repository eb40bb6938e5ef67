package dev.neurontp.ops.client;

import dev.neurontp.harness.process.BoundedAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in {@code /proc} of a process that may be anybody's: a process can make its environment and its command line as long as it likes,
 * and one that hangs in a driver may let nobody read them.
 */
final class ProcText {
    /** More than the kernel takes for a new program. */
    static final int MOST_BYTES = 8 << 20;

    private ProcText() {}

    /**
     * Its first 8 MiB.
     *
     * @throws IOException when it cannot be read, or not in time
     */
    static String of(long pid, String file) throws IOException {
        return BoundedAccess.call(() -> {
            try (InputStream in = Files.newInputStream(Path.of("/proc", Long.toString(pid), file))) {
                return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            }
        });
    }
}
