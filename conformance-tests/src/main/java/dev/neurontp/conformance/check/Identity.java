package dev.neurontp.conformance.check;

import java.util.List;

/**
 * What a worker is told that it is; each number is a u32.
 *
 * @param rank its place in the group
 * @param worldSize how many ranks there are
 * @param cudaDevice its GPU's index
 */
public record Identity(long rank, long worldSize, long cudaDevice) {

    /** Rank, size and device all different, and a rank that the group really has. */
    public static final Identity SHARED = new Identity(1, 3, 0);

    /** The options, in the contract's own order. */
    public List<String> arguments() {
        return List.of(
                "--worker",
                "--rank",
                Long.toString(rank),
                "--tp-size",
                Long.toString(worldSize),
                "--cuda-device",
                Long.toString(cudaDevice));
    }
}
