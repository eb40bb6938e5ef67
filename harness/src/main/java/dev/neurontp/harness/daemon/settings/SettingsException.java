package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.text.Problems;
import java.util.List;

/** Settings that are refused. The message has one line per problem: place, value, rule; the first twenty, and how many more. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    SettingsException(List<String> problems) {
        super(Problems.lines(problems));
    }
}
