package dev.neurontp.harness.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Sets up java.util.logging, which SLF4J writes to here: at the first record, so that a command that logs nothing does not pay
 * for it. Any thread may call.
 */
public final class Log {
    private static final String CONFIGURATION = "java.util.logging.config.class";
    private static final String PROPERTIES = "logging.properties";

    /** The variable by which systemd tells a service the device and inode of its journal (systemd.exec(5)). */
    private static final String JOURNAL = "JOURNAL_STREAM";

    private static final Path STDERR = Path.of("/proc/self/fd/2");

    /** The log manager makes one when it reads its configuration. */
    public Log() throws IOException {
        try (InputStream properties = Log.class.getResourceAsStream(PROPERTIES)) {
            LogManager.getLogManager().readConfiguration(properties);
        }
    }

    /** From now on records are set up by this class. Before the first record. */
    public static void install() {
        System.setProperty(CONFIGURATION, Log.class.getName());
    }

    /** From now on records of at least that level are written, in that format. The audit's are written at every level. */
    public static void use(LogLevel level, LogFormat format, Map<String, String> environment) {
        StderrHandler.use(format == LogFormat.AUTO && isJournal(environment) ? LogFormat.JOURNAL : format);
        Logger.getLogger("").setLevel(level.level());
    }

    /** Whether what this process writes to stderr goes to the journal: a child of a service may have another stderr. */
    private static boolean isJournal(Map<String, String> environment) {
        String stream = environment.get(JOURNAL);
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> file = Files.readAttributes(STDERR, "unix:dev,ino");
            return stream.equals(file.get("dev") + ":" + file.get("ino"));
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }
}
