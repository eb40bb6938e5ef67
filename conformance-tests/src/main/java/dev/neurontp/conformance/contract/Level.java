package dev.neurontp.conformance.contract;

/** How strongly a rule binds a worker. */
public enum Level {
    /** A worker that breaks it is not a worker of this contract. */
    MUST,
    /** Broken, it is a warning; with {@code --strict} a failure. */
    SHOULD,
    /** Binds this project's own worker only; never judged here. */
    OWN
}
