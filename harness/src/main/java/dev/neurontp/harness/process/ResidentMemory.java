package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory a process holds. */
public final class ResidentMemory {
    private static final Pattern RSS = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");
    private static final long KIB = 1024;

    private ResidentMemory() {}

    /** Bytes, as {@code /proc/PID/status} says; empty when the process is gone. */
    public static Optional<Long> of(long pid) {
        try {
            Matcher rss = RSS.matcher(
                    Files.readString(Path.of("/proc", Long.toString(pid), "status"), StandardCharsets.ISO_8859_1));
            return rss.find() ? Optional.of(Long.parseLong(rss.group(1)) * KIB) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
