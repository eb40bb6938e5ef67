package dev.neurontp.harness.daemon.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections may be open at the same time: as many as is set, and never so many that no descriptor is left for the pools.
 * Whoever has no token can open connections too.
 */
final class ConnectionLimit {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\d{1,18}) ");

    /** What a daemon has open itself, and a start of a process takes for its time. */
    private static final int OWN = 64;

    private static final int LEAST = 4;

    private ConnectionLimit() {}

    /** For this process. */
    static int of(int setting) {
        int most = of(setting, limits());
        if (most < setting) {
            LOG.info(
                    "{} connections are taken at the same time, not limits.connections = {}: this process may open few files, raise"
                            + " its limit (ulimit -n)",
                    most,
                    setting);
        }
        return most;
    }

    static int of(int setting, String limits) {
        Matcher files = OPEN_FILES.matcher(limits);
        return files.find() ? Math.clamp((Long.parseLong(files.group(1)) - OWN) / 2, LEAST, setting) : setting;
    }

    private static String limits() {
        try {
            return Files.readString(LIMITS, StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return ""; // nothing is known of limits
        }
    }
}
