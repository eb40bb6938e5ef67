package dev.neurontp.harness.log;

import java.util.Arrays;
import java.util.logging.Level;

/** The least that a record must weigh to be written, by the names that SLF4J has for them. */
public enum LogLevel {
    ERROR("error"),
    WARN("warn"),
    INFO("info"),
    DEBUG("debug");

    private final String label;

    LogLevel(String label) {
        this.label = label;
    }

    /** As it stands in a setting: {@code warn}. */
    public String label() {
        return label;
    }

    Level level() {
        return switch (this) {
            case ERROR -> Level.SEVERE;
            case WARN -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
        };
    }

    /** The level of a record; one between two is the more important one. */
    static LogLevel of(Level level) {
        return Arrays.stream(values())
                .filter(known -> known.level().intValue() <= level.intValue())
                .findFirst()
                .orElse(DEBUG);
    }
}
