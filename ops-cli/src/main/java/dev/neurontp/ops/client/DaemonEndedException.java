package dev.neurontp.ops.client;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;

/** A daemon of this host is gone before it has done what it was asked for. Who started it can say how it ended. */
public final class DaemonEndedException extends CommandException {
    private static final long serialVersionUID = 1L;

    /** What is so whyever it ended. */
    public static final String LEFT =
            "Workers that it did not end, end by themselves within 10 s. What became of its pools: tpctl ls --all.";

    /** With the advice for one that somebody else has started. */
    public DaemonEndedException(String message, Throwable cause) {
        super(
                ExitCode.COULD_NOT_RUN,
                message,
                LEFT + " Its log says why it ended, if nobody killed it; tpctl up or neuron starts a new one.",
                cause);
    }
}
