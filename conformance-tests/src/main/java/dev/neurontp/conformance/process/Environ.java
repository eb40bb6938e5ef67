package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The environment of a process as the kernel shows it ({@code /proc/PID/environ}), of which any user can have gigabytes shown as his (prctl). */
final class Environ {

    /** In bytes: an exec takes 6 MiB at most. */
    private static final int MOST = 8 << 20;

    private static final int PIECE = 16 * 1024;

    private Environ() {}

    /**
     * Whether it has exactly this setting; empty where it shows nothing: the process has ended or is about to, is just becoming another program,
     * was started without any variable, or is another user's. One that changes while it is read shows nothing either.
     *
     * @param setting {@code NAME=value}
     */
    static Optional<Boolean> has(Path file, String setting) {
        byte[] wanted = setting.getBytes(StandardCharsets.ISO_8859_1);
        byte[] piece = new byte[PIECE];
        int total = 0;
        boolean found = false;
        int matched = 0; // -1 in an entry that is another one
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(piece); length > 0 && total < MOST; length = in.read(piece)) {
                for (int i = 0; i < length; i++) {
                    if (piece[i] == 0) {
                        found |= matched == wanted.length;
                        matched = 0;
                    } else if (matched >= 0) {
                        matched = matched < wanted.length && piece[i] == wanted[matched] ? matched + 1 : -1;
                    }
                }
                total += length;
            }
            found |= matched == wanted.length;
            // From its beginning once more: where that is gone the end was none.
            boolean whole = total > 0 && in.skip(-total) == -total && in.read() >= 0;
            return whole ? Optional.of(found) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
