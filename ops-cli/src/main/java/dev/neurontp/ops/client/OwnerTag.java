package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import java.io.IOException;
import java.util.Optional;

/**
 * How a daemon that {@code tpctl up} started is recognised: a variable in its environment, which ends with its process.
 * Its value is where the daemon's log goes, or {@link #FOREGROUND}.
 */
public final class OwnerTag {
    public static final String VARIABLE = "TPCTL_UP";
    public static final String FOREGROUND = "foreground";

    private OwnerTag() {}

    /** The value of a live daemon; empty when somebody else started it. */
    public static Optional<String> of(DaemonFile daemon) {
        try {
            return value(ProcText.of(daemon.pid(), "environ")).filter(_ -> daemon.live());
        } catch (IOException _) {
            return Optional.empty(); // gone, or of another user
        }
    }

    private static Optional<String> value(String environment) {
        for (String variable : environment.split("\0", -1)) {
            if (variable.startsWith(VARIABLE + "=")) {
                return Optional.of(variable.substring(VARIABLE.length() + 1));
            }
        }
        return Optional.empty();
    }
}
