package dev.neurontp.harness.validate;

/** The ranks are no group any more, or never became one. The message is for a person, in lines. */
public final class GroupLostException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean ended;

    private GroupLostException(String message, boolean ended, Throwable cause) {
        super(message, cause);
        this.ended = ended;
    }

    /** A rank or the group has failed. */
    public static GroupLostException failed(String message, Throwable cause) {
        return new GroupLostException(message, false, cause);
    }

    /** The group was ended on purpose while it was asked; no rank has failed. */
    public static GroupLostException ended(String message, Throwable cause) {
        return new GroupLostException(message, true, cause);
    }

    /** Whether it was ended on purpose. */
    public boolean isEnded() {
        return ended;
    }
}
