package dev.neurontp.harness.model;

import dev.neurontp.harness.model.ModelRefusedException.Reason;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The harnesses of a process, by name. Immutable: any thread may call. */
public final class HarnessRegistry {
    private final SortedMap<String, Harness> harnesses;

    private HarnessRegistry(SortedMap<String, Harness> harnesses) {
        this.harnesses = harnesses;
    }

    /**
     * Knows these harnesses and no others.
     *
     * @throws IllegalArgumentException when two have the same name
     */
    public static HarnessRegistry of(Harness... harnesses) {
        SortedMap<String, Harness> byName = new TreeMap<>();
        for (Harness harness : harnesses) {
            if (byName.put(harness.name(), harness) != null) {
                throw new IllegalArgumentException("two harnesses are named '" + harness.name() + "'");
            }
        }
        return new HarnessRegistry(Collections.unmodifiableSortedMap(byName));
    }

    /** The names, sorted. */
    public List<String> names() {
        return List.copyOf(harnesses.keySet());
    }

    /**
     * Gives {@code spec} to the harness that it names.
     *
     * @throws ModelRefusedException when there is no such harness, or it refuses
     */
    public void load(ModelSpec spec) throws ModelRefusedException {
        Harness harness = harnesses.get(spec.harness());
        if (harness == null) {
            throw new ModelRefusedException(
                    Reason.UNKNOWN_HARNESS,
                    "model '" + spec.modelId() + "' asks for harness '" + spec.harness()
                            + "', and there is none of that name: known are " + names());
        }
        harness.load(spec);
    }
}
