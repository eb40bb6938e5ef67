package dev.neurontp.worker;

import dev.neurontp.worker.os.DroppingStream;
import dev.neurontp.worker.os.OpenFilesLimit;
import dev.neurontp.worker.os.Stderr;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;

/**
 * This program's log: one line each on stderr, with the rank. NEURON_LOG sets the level. Any thread may call, and none waits:
 * what nobody reads is dropped and counted.
 */
final class Log implements RankLog, Thread.UncaughtExceptionHandler {
    static final String VARIABLE = "NEURON_LOG";
    /** Set by the launcher, which knows whether stderr is a terminal without a cost. */
    static final String COLOUR_PROPERTY = "neuron.log.colour";

    enum Level {
        OFF(""),
        ERROR("\u001b[31m"),
        WARN("\u001b[33m"),
        INFO("\u001b[32m"),
        DEBUG("\u001b[2m");

        private final String colour;

        Level(String colour) {
            this.colour = colour;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The level that the environment asks for; info when it asks for none. */
        static Level from(Map<String, String> environment) throws UsageException {
            String text = environment.get(VARIABLE);
            if (text == null || text.isEmpty()) {
                return INFO;
            }
            for (Level level : values()) {
                if (level.label().equals(text)) {
                    return level;
                }
            }
            throw new UsageException(VARIABLE, text, "it must be off, error, warn, info or debug");
        }
    }

    private static final String COLOUR_END = "\u001b[0m";

    private final DroppingStream out;
    private final Level threshold;
    private final String name;
    private final boolean coloured;
    private final Clock clock;

    /** A log whose lines name {@code name}, such as {@code rank=1}. */
    Log(DroppingStream out, Level threshold, String name, boolean coloured, Clock clock) {
        this.out = out;
        this.threshold = threshold;
        this.name = name;
        this.coloured = coloured;
        this.clock = clock;
    }

    static Log toStderr(Level threshold, String name) {
        return new Log(Stderr.stream(), threshold, name, Boolean.getBoolean(COLOUR_PROPERTY), Clock.systemUTC());
    }

    @Override
    public void error(String message) {
        write(Level.ERROR, message);
    }

    void warn(String message) {
        write(Level.WARN, message);
    }

    @Override
    public void info(String message) {
        write(Level.INFO, message);
    }

    @Override
    public void debug(String message) {
        write(Level.DEBUG, message);
    }

    /**
     * From now on System.err and System.out, which a worker's launcher has led to stderr, never make a writer wait either, and
     * what ends a thread is logged: the JVM would print that itself, and wait.
     */
    void takeOverStderr() {
        Stderr.takeOver();
        System.setOut(System.err);
        Thread.setDefaultUncaughtExceptionHandler(this);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        bug("the thread " + thread.getName() + " ended", e);
    }

    /** In one line, and where it came from at level debug. */
    @Override
    public void bug(String what, Throwable bug) {
        error(what + ": "
                + (OpenFilesLimit.isCauseOf(bug)
                        ? OpenFilesLimit.WORDS
                        : "a bug in this program, please report it with NEURON_LOG=debug: " + bug));
        for (StackTraceElement frame : bug.getStackTrace()) {
            debug("at " + frame);
        }
    }

    private void write(Level level, String message) {
        if (level.compareTo(threshold) > 0) {
            return;
        }
        String label = coloured ? level.colour + level.label() + COLOUR_END : level.label();
        String line = clock.instant() + " " + label + " " + name + " " + oneLine(message) + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }

    /** Messages may quote anything: what could break a line or drive a terminal becomes a blank. */
    private static String oneLine(String message) {
        StringBuilder line = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return line.toString();
    }
}
