package dev.neurontp.harness.daemon.settings;

import java.util.Optional;
import org.tomlj.TomlArray;

/**
 * What values a setting can have.
 *
 * @param <T> the value's type
 */
interface SettingType<T> {
    /** The rule for every value, which ends a sentence that begins with "it must be". */
    String rule();

    /** Takes a value out of a TOML file: a String, Long, Boolean, Double, {@link TomlArray} or another. */
    Optional<T> fromToml(Object value);

    /** Takes a value out of an environment variable or an option. */
    Optional<T> fromText(String text);

    /** The value as TOML. */
    String toToml(T value);
}
