package dev.neurontp.harness.daemon.settings;

import java.util.List;

/**
 * What reading the settings again has brought.
 *
 * @param changed in force now
 * @param needRestart with another value in the sources, and as before in this daemon
 */
public record SettingsReload(List<SettingChange> changed, List<SettingChange> needRestart) {
    public SettingsReload {
        changed = List.copyOf(changed);
        needRestart = List.copyOf(needRestart);
    }
}
