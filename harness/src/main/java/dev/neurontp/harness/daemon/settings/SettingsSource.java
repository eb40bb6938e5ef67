package dev.neurontp.harness.daemon.settings;

/** Where the settings come from: file, environment and options, read again each time. */
@FunctionalInterface
public interface SettingsSource {
    /**
     * Reads all of them.
     *
     * @throws SettingsException with every problem
     */
    Settings read() throws SettingsException;
}
