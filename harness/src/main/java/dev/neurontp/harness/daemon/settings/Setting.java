package dev.neurontp.harness.daemon.settings;

import java.util.Locale;

/**
 * One setting of the daemon.
 *
 * @param name as in TOML, with dots between levels: {@code http.port}
 * @param fallback the default value
 * @param reloaded whether a running daemon takes a new value ({@link LiveSettings#reload}); else it needs a restart
 * @param <T> the value's type
 */
public record Setting<T>(String name, SettingType<T> kind, T fallback, boolean reloaded) {
    static final String PREFIX = "NEURON_";

    /** A value as TOML; a list stands so in the variable too. */
    public String toToml(T value) {
        return kind.toToml(value);
    }

    /** The environment variable of this setting: {@code NEURON_HTTP__PORT}. */
    public String variable() {
        return PREFIX + name.toUpperCase(Locale.ROOT).replace(".", "__");
    }
}
