package dev.neurontp.harness.model;

import static java.util.Objects.requireNonNull;

import dev.neurontp.rpc.U32;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a user asks to be loaded.
 *
 * @param modelId the model's name, not blank
 * @param harness the name of the harness that shall load it, not blank
 * @param quant the quantisation, such as {@code q4k}; empty for the model's own
 * @param tensorParallel over how many ranks the model is spread, 1 to 4294967295; empty for one
 * @param devices GPU indices, one per rank and each once; empty leaves the choice to the harness
 */
public record ModelSpec(
        String modelId, String harness, Optional<String> quant, OptionalLong tensorParallel, List<Long> devices) {
    public ModelSpec {
        requireText("model_id", modelId);
        requireText("harness", harness);
        requireNonNull(quant, "quant is null").ifPresent(text -> requireText("quant", text));
        requireNonNull(tensorParallel, "tensorParallel is null").ifPresent(ModelSpec::requireTensorParallel);
        devices = List.copyOf(devices);
        devices.forEach(device -> U32.require("a device in devices", device));
        requireDistinct(devices);
        long ranks = tensorParallel.orElse(1);
        if (!devices.isEmpty() && devices.size() != ranks) {
            throw new IllegalArgumentException("devices " + devices + " has " + devices.size()
                    + " entries for tensor_parallel " + ranks + ": give one device per rank, or none");
        }
    }

    /** A model on one device of the harness's choice. */
    public static ModelSpec of(String modelId, String harness) {
        return new ModelSpec(modelId, harness, Optional.empty(), OptionalLong.empty(), List.of());
    }

    /** The same model, spread over {@code ranks} on {@code devices}. */
    public ModelSpec spreadOver(long ranks, List<Long> devices) {
        return new ModelSpec(modelId, harness, quant, OptionalLong.of(ranks), devices);
    }

    /** Over how many ranks the model is spread, at least 1. */
    public long ranks() {
        return tensorParallel.orElse(1);
    }

    private static void requireText(String name, String value) {
        if (requireNonNull(value, name + " is null").isBlank()) {
            throw new IllegalArgumentException(name + " is '" + value + "': it must not be blank");
        }
    }

    private static void requireTensorParallel(long value) {
        if (value < 1 || value > U32.MAX) {
            throw new IllegalArgumentException("tensor_parallel is " + value + ": it must be between 1 and " + U32.MAX);
        }
    }

    private static void requireDistinct(List<Long> devices) {
        if (new HashSet<>(devices).size() != devices.size()) {
            throw new IllegalArgumentException(
                    "devices " + devices + " names a device twice: each rank has a device of its own");
        }
    }
}
