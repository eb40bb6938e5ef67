package dev.neurontp.harness.daemon.settings;

/**
 * One setting with another value.
 *
 * @param name {@code http.hosts}
 * @param before as TOML
 * @param after as TOML
 */
public record SettingChange(String name, String before, String after) {}
