package dev.neurontp.conformance.check;

/** Something that a check needs apart from the worker does not do what it should; the message says what, for a person. */
public final class PrerequisiteException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is not ready. */
    public PrerequisiteException(String message) {
        super(message, null, false, false);
    }
}
