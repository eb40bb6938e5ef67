package dev.neurontp.harness.model;

import static java.util.Objects.requireNonNull;

/** A model that is not loaded. The message names the model, the value that is refused and what would help. */
public final class ModelRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why, as a word for a machine. */
    public enum Reason {
        /** No harness of that name. */
        UNKNOWN_HARNESS,
        /** The harness is there and cannot do this. */
        NOT_SUPPORTED
    }

    private final Reason reason;

    public ModelRefusedException(Reason reason, String message) {
        super(requireNonNull(message, "message is null"));
        this.reason = requireNonNull(reason, "reason is null");
    }

    public Reason reason() {
        return reason;
    }
}
