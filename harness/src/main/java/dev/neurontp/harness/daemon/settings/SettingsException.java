package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.text.Problems;
import java.util.List;

/** Settings that are refused. The message has one line per problem: place, value, rule; the first twenty, and how many more. */
public sealed class SettingsException extends Exception permits ReloadUnderWayException {
    private static final long serialVersionUID = 1;

    SettingsException(List<String> problems) {
        super(Problems.lines(problems));
    }
}
