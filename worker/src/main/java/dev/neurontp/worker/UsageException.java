package dev.neurontp.worker;

import dev.neurontp.rpc.WireText;

/** A command line or a setting that cannot be obeyed; the message names the value and the rule (A3). */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }

    UsageException(String name, String value, String rule) {
        super(name + " is '" + WireText.quotable(value) + "': " + rule);
    }
}
