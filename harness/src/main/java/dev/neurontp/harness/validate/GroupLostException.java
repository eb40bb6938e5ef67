package dev.neurontp.harness.validate;

/** The ranks are no group any more, or never became one, or cannot be asked. The message is for a person, in lines. */
public final class GroupLostException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is the matter with them. */
    enum Cause {
        FAILED,
        ENDED,
        BUSY,
        UNREACHABLE
    }

    private final Cause why;

    private GroupLostException(String message, Cause why, Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    /** A rank or the group has failed. */
    public static GroupLostException failed(String message, Throwable cause) {
        return new GroupLostException(message, Cause.FAILED, cause);
    }

    /** The group was ended on purpose while it was asked; no rank has failed. */
    public static GroupLostException ended(String message, Throwable cause) {
        return new GroupLostException(message, Cause.ENDED, cause);
    }

    /** Somebody else keeps the group busy. */
    public static GroupLostException busy(String message, Throwable cause) {
        return new GroupLostException(message, Cause.BUSY, cause);
    }

    /** Nothing is known of the group any more: whoever has it does not answer, or refuses. */
    public static GroupLostException unreachable(String message, Throwable cause) {
        return new GroupLostException(message, Cause.UNREACHABLE, cause);
    }

    Cause why() {
        return why;
    }
}
