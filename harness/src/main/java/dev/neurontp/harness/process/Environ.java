package dev.neurontp.harness.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Some variables of a process, as the kernel keeps them since its last exec ({@code /proc/PID/environ}). A process may have gigabytes shown as
 * its environment (prctl), and any user may read most of it, so that of all the rest nothing is kept.
 *
 * @param isEmpty whether it shows no environment at all
 * @param entries those that were asked for, each as {@code NAME=value}; none that is longer than 512 bytes
 */
record Environ(boolean isEmpty, List<String> entries) {
    /** In bytes: an exec takes 6 MiB at most. */
    private static final int MOST = 8 << 20;

    private static final int PIECE = 16 * 1024;
    private static final int LONGEST = 512;
    private static final int MOST_ENTRIES = 16;

    Environ {
        entries = List.copyOf(entries);
    }

    /**
     * Reads that file. One that changes meanwhile counts as empty: a process that ends or becomes another program between two reads shows
     * nothing of the rest.
     */
    static Environ read(Path file, Set<String> names) throws IOException {
        Splitter splitter = new Splitter(names);
        byte[] piece = new byte[PIECE];
        int total = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(piece); length > 0 && total < MOST; length = in.read(piece)) {
                splitter.take(piece, length);
                total += length;
            }
            // From its beginning once more: where that is gone the end was none.
            boolean whole = total > 0 && in.skip(-total) == -total && in.read() >= 0;
            return whole ? new Environ(false, splitter.end()) : new Environ(true, List.of());
        }
    }

    /** Keeps what begins with one of these names. */
    private static final class Splitter {
        private final List<String> prefixes;
        private final List<String> found = new ArrayList<>();
        private final byte[] entry = new byte[LONGEST];
        private int length;

        Splitter(Set<String> names) {
            prefixes = names.stream().map(name -> name + '=').toList();
        }

        void take(byte[] bytes, int count) {
            for (int i = 0; i < count; i++) {
                if (bytes[i] == 0) {
                    endEntry();
                } else if (length++ < LONGEST) {
                    entry[length - 1] = bytes[i];
                }
            }
        }

        private void endEntry() {
            if (length > 0 && length <= LONGEST && found.size() < MOST_ENTRIES) {
                String text = new String(entry, 0, length, StandardCharsets.ISO_8859_1);
                if (prefixes.stream().anyMatch(text::startsWith)) {
                    found.add(text);
                }
            }
            length = 0;
        }

        List<String> end() {
            endEntry();
            return found;
        }
    }
}
