package dev.neurontp.ops.console;

/** Nobody reads what a command that goes on prints: its pipe is closed, its terminal has hung up, or its disk is full. It ends. */
public final class UnreadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadException() {
        super("nobody reads the output", null, false, false);
    }
}
