package dev.neurontp.harness.daemon.settings;

import java.util.Locale;

/**
 * One setting of the daemon.
 *
 * @param name as in TOML, with dots between levels: {@code http.port}
 * @param fallback the default value
 * @param <T> the value's type
 */
public record Setting<T>(String name, SettingType<T> kind, T fallback) {
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
