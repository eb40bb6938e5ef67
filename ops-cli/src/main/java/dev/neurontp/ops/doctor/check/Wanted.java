package dev.neurontp.ops.doctor.check;

import java.util.List;

/**
 * The pool that is to start here.
 *
 * @param size its ranks; 0 where nobody said: one for each GPU
 * @param devices the GPU of each rank; empty for 0 to size-1
 * @param nccl whether it joins by NCCL; else over loopback, without GPUs
 * @param said whether a person has said what the pool is: a host without any GPU is then a failure
 * @param sinceBoot whether events of the kernel's log count since boot; else of the last 24 hours
 */
public record Wanted(int size, List<Long> devices, boolean nccl, boolean said, boolean sinceBoot) {
    /** The most ranks of a pool. */
    public static final int MOST = 1024;

    /** Nothing in particular: what this host can do. */
    public static final Wanted ANYTHING = new Wanted(0, List.of(), true, false, false);

    public Wanted {
        devices = List.copyOf(devices);
    }

    /** The ranks that are asked for, 0 where nobody said. */
    public int ranks() {
        return size > 0 ? size : devices.size();
    }
}
