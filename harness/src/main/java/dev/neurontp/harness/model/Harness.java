package dev.neurontp.harness.model;

/** Something that can load models, known by its name. Any thread may call. */
public interface Harness {
    /** The name in {@link ModelSpec#harness}. */
    String name();

    /**
     * Loads a model, or says why not.
     *
     * @throws ModelRefusedException when this harness cannot load that model; the message is for the user who asked
     */
    void load(ModelSpec spec) throws ModelRefusedException;
}
