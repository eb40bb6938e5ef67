package dev.neurontp.harness.daemon.settings;

import java.util.List;

/** The settings were not read: another reload has not ended. */
public final class ReloadUnderWayException extends SettingsException {
    private static final long serialVersionUID = 1;

    ReloadUnderWayException(String problem) {
        super(List.of(problem));
    }
}
