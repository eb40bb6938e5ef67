package dev.neurontp.worker.comm;

import dev.neurontp.rpc.U32;

/**
 * A rank's identity, as its leader gave it. Nothing is cross-checked: rank 5 of 2 is an identity (A2).
 *
 * @param rank 0 to 4294967295
 * @param worldSize 0 to 4294967295
 * @param cudaDevice the GPU's index on its host, 0 to 4294967295
 */
public record RankIdentity(long rank, long worldSize, long cudaDevice) {
    public RankIdentity {
        U32.require("rank", rank);
        U32.require("world size", worldSize);
        U32.require("cuda device", cudaDevice);
    }
}
