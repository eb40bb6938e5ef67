package dev.neurontp.harness.daemon.settings;

import java.util.List;

/** Settings that are refused. The message has one line per problem: place, value, rule. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    SettingsException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
