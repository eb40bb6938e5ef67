package dev.neurontp.harness.daemon.settings;

/**
 * A value that was given.
 *
 * @param name of the setting, known or not
 * @param place for a person: {@code neuron.toml line 3}, {@code the environment variable NEURON_HTTP__PORT}
 * @param toml from a TOML file, else from text
 */
record SettingValue(String name, String place, boolean toml, Object value) {}
