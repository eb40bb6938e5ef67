package dev.neurontp.conformance.contract;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a worker can do behind {@code init} and {@code nccl_sanity_check}. */
public enum Stage {
    /** Plumbing only: both are refused with {@code not_implemented_7a_i}. */
    PLUMBING("7a-i", "not_implemented_7a_i"),
    /** Stage 7a-ii on a host without NCCL: both are refused with {@code cuda_feature_not_enabled}. */
    NO_CUDA("7a-ii-no-cuda", "cuda_feature_not_enabled"),
    /** Both really work. */
    COLLECTIVE("7a-ii", "nccl_not_initialised");

    private final String id;
    private final String sanityKind;

    Stage(String id, String sanityKind) {
        this.id = id;
        this.sanityKind = sanityKind;
    }

    /** The stage's name in the contract. */
    public String id() {
        return id;
    }

    /** The error kind that a sanity check gets from a worker of this stage that has not joined a group. */
    public String sanityKind() {
        return sanityKind;
    }

    /**
     * The stage of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public static Stage of(String id) {
        return Arrays.stream(values())
                .filter(stage -> stage.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no stage is called '" + id + "'; there are "
                        + Arrays.stream(values()).map(Stage::id).collect(Collectors.joining(", "))));
    }
}
