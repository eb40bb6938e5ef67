package dev.neurontp.worker.collective;

/** A request for a collective that contradicts itself, whoever is asked. The message has the value and the rule. */
public final class ContradictionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ContradictionException(String message) {
        super(message);
    }
}
